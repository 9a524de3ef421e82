package dev.holdfast.standalone.up;

import dev.holdfast.standalone.supervise.ChildSpec;
import dev.holdfast.standalone.supervise.Supervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Brings everything up, for as long as that takes and nobody asks to stop: what is in the way may
 * go away by itself. Every few seconds it says what is missing.
 */
final class Startup {
  private static final Duration LOOK_EVERY = Duration.ofMillis(25);
  private static final Duration TELL_EVERY = Duration.ofSeconds(10);

  private final Supervisor supervisor;
  private final Plan plan;
  private final Workers workers;
  private final Console console;

  Startup(Supervisor supervisor, Plan plan, Console console) {
    this.supervisor = supervisor;
    this.plan = plan;
    this.workers = new Workers(plan.url());
    this.console = console;
  }

  /** Starts everything, or adopts what an earlier {@code up} left alive; false if asked to stop. */
  boolean run(CountDownLatch stop) throws InterruptedException {
    Map<String, CompletableFuture<Long>> starting = new LinkedHashMap<>();
    for (ChildSpec spec : plan.specs().toList()) {
      starting.put(spec.name(), supervisor.start(spec));
    }
    long tellAt = System.nanoTime() + TELL_EVERY.toNanos();
    while (!(starting.values().stream().allMatch(CompletableFuture::isDone)
        && workers.present() >= plan.workers())) {
      if (stop.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
      if (System.nanoTime() - tellAt > 0) {
        console.line("not ready yet: " + String.join("; ", missing(starting)));
        tellAt = System.nanoTime() + TELL_EVERY.toNanos();
      }
    }
    return stop.getCount() > 0;
  }

  private List<String> missing(Map<String, CompletableFuture<Long>> starting) {
    var missing = new ArrayList<String>();
    starting.forEach((name, ready) -> {
      if (!ready.isDone()) {
        missing.add(name + " does not answer, see " + plan.log(name));
      }
    });
    if (missing.isEmpty()) {
      missing.add("%d of %d workers take jobs".formatted(workers.present(), plan.workers()));
      missing.addAll(workers.problems());
    }
    return missing;
  }
}
