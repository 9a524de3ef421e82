package dev.holdfast.worker.container;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.runtime.retry.Backoff;
import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.worker.container.ContainerEngine.Image;
import dev.holdfast.worker.container.ContainerEngine.Inspection;
import dev.holdfast.worker.container.EngineException.Code;
import dev.holdfast.worker.process.Beat;
import dev.holdfast.worker.process.ExitRecord;
import dev.holdfast.worker.process.Identity;
import dev.holdfast.worker.process.Launch;
import dev.holdfast.worker.process.LaunchFile;
import dev.holdfast.worker.process.ProcessIdentity;
import dev.holdfast.worker.process.Stop;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.run.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts an attempt's container. Every step may have been taken before, by an earlier try or an
 * earlier incarnation; none is taken twice, because the container's name is known beforehand and
 * the shim's identity can be claimed only once.
 */
final class Starting {
  static final int MOST_RESTARTS = 10;

  private static final Logger log = LoggerFactory.getLogger(Starting.class);
  private static final Backoff BETWEEN = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));
  private static final int TRIES_OF_CALLS = 4;
  private static final long POLL_MS = 10;
  private static final long CLAIMED_WITHIN_MS = 10_000;
  private static final List<String> OF_THE_LAST_RUN =
      List.of(Identity.FILE, Beat.FILE, Answer.FILE, "exit.reserved");

  private final Supplier<ContainerEngine> engine;
  private final Labels labels;
  private final HostPaths host;
  private final Duration patience;

  Starting(Supplier<ContainerEngine> engine, Labels labels, HostPaths host, Duration call) {
    this.engine = engine;
    this.labels = labels;
    this.host = host;
    this.patience = call.multipliedBy(TRIES_OF_CALLS);
  }

  Started start(RunDirectory directory, Launch launch) throws IOException, InterruptedException {
    long giveUpAtNs = System.nanoTime() + patience.toNanos();
    for (int failures = 1; ; failures++) {
      try {
        return startOnce(directory, launch);
      } catch (EngineException e) {
        if (!e.retryable()) {
          return new Started.Impossible(Refusals.code(e), Refusals.message(e, labels.worker()));
        }
        if (System.nanoTime() - giveUpAtNs > 0) {
          return giveUp(directory, e);
        }
        log.info(
            "container of job {}, try {}: {}", directory.attempt().job(), failures, e.getMessage());
        Thread.sleep(BETWEEN.after(failures, ThreadLocalRandom.current().nextDouble()));
      }
    }
  }

  /**
   * Nobody knows what the engine may still do of what it was asked. A shim looks for a stop file as
   * the last thing before it lets the command run, so from here on none will.
   */
  private static Started giveUp(RunDirectory directory, EngineException e) throws IOException {
    AtomicFile.write(
        directory.path().resolve(Stop.FILE),
        new Stop(Stop.Reason.SHUTDOWN, Duration.ZERO).render());
    return Files.exists(directory.path().resolve(Identity.FILE))
        ? Started.Launched.FIRST
        : new Started.Never("its container could not be started: " + e.getMessage());
  }

  private Started startOnce(RunDirectory directory, Launch launch)
      throws IOException, InterruptedException {
    Path path = directory.path();
    HeldAttempt attempt = directory.attempt();
    Optional<ContainerRecord> known = ContainerRecord.read(path).whole();
    ContainerRecord record = known.orElseGet(() -> ContainerRecord.of(labels.name(attempt, 1), 1));
    if (known.isEmpty()) {
      record.write(path);
    }
    if (record.init().isPresent() || Files.exists(path.resolve(Identity.FILE))) {
      Optional<Started> settled = clearAway(directory, record);
      if (settled.isPresent()) {
        return settled.get();
      }
      record = next(directory, record);
    }
    return run(directory, launch, record);
  }

  /**
   * Proves that the last container is gone: its processes by the kernel, itself by the engine.
   *
   * @return what came of it, if nothing is to be started after it
   */
  private Optional<Started> clearAway(RunDirectory directory, ContainerRecord record)
      throws IOException {
    if (record.init().filter(ProcessIdentity::isAlive).isPresent()
        || Files.exists(directory.path().resolve(ExitRecord.FILE))) {
      return Optional.of(Started.Launched.FIRST);
    }
    Optional<Inspection> found = engine.get().inspect(record.name());
    if (!record.replacing()) {
      if (found.isEmpty()) {
        return Optional.of(new Started.Never(record.name() + ": " + Remains.REMOVED));
      }
      String evidence = record.name() + " is gone: " + Remains.describe(found.get());
      if (found.get().running()) {
        throw new EngineException(
            Code.UNREACHABLE, "the engine has not noticed yet that " + evidence);
      }
      if (found.get().oomKilled()) {
        return Optional.of(new Started.Never(evidence));
      }
      log.info("{}; its command is started again, as the job asks", evidence);
      record.nowReplacing().write(directory.path());
    }
    engine.get().remove(record.name());
    return Optional.empty();
  }

  private ContainerRecord next(RunDirectory directory, ContainerRecord last) throws IOException {
    int generation = last.generation() + 1;
    for (String file : OF_THE_LAST_RUN) {
      Files.deleteIfExists(directory.path().resolve(file));
    }
    var next = ContainerRecord.of(labels.name(directory.attempt(), generation), generation);
    next.write(directory.path());
    return next;
  }

  private Started run(RunDirectory directory, Launch launch, ContainerRecord record)
      throws IOException, InterruptedException {
    JobSpec spec = directory.facts().assigned().spec();
    ContainerSpec container = Objects.requireNonNull(spec.container());
    Image image =
        engine
            .get()
            .image(container.image())
            .orElseThrow(() ->
                new EngineException(
                    Code.IMAGE_NOT_FOUND, "the engine does not have image " + container.image()));
    var inside = new Inside(directory.path(), directory.work(), launch.environment());
    String id =
        engine
            .get()
            .create(
                new ContainerPlan(
                    record.name(),
                    image.id(),
                    labels.of(directory.attempt()),
                    Inside.entry(),
                    Map.of(
                        Launch.RUN_VARIABLE,
                        String.valueOf(launch.environment().get(Launch.RUN_VARIABLE))),
                    inside.mounts(host),
                    container,
                    spec.limits()));
    furnish(directory.path(), inside, user(id, container, image));
    // Not forced to disk: after a power cut nothing is started from it any more.
    AtomicFile.replacePrivately(
        directory.path().resolve(LaunchFile.NAME),
        LaunchFile.render(inside.translate(launch, environment(image)), Inside.RUN));
    engine.get().start(id);
    return await(directory.path(), record, id);
  }

  private JobUser user(String id, ContainerSpec spec, Image image) throws IOException {
    if (spec.user() == null && !Ownership.mayGive()) {
      return Ownership.ofWorker(host.runs());
    }
    String named = spec.user() == null ? image.user() : spec.user();
    return JobUser.resolve(named, path -> engine.get().file(id, path));
  }

  private static void furnish(Path directory, Inside inside, JobUser user) throws IOException {
    var ownership = new Ownership(user);
    ownership.make(directory.resolve("stdout"));
    ownership.make(directory.resolve("stderr"));
    for (Path place : inside.ofTheJob()) {
      ownership.giveAll(place);
    }
    user.write(directory);
  }

  private static Map<String, String> environment(Image image) {
    return image.env().stream()
        .filter(entry -> entry.indexOf('=') > 0)
        .collect(
            Collectors.toMap(
                entry -> entry.substring(0, entry.indexOf('=')),
                entry -> entry.substring(entry.indexOf('=') + 1),
                (first, second) -> second));
  }

  /** Notes who its first process is, and waits until the shim has claimed the attempt. */
  private Started await(Path directory, ContainerRecord record, String id)
      throws IOException, InterruptedException {
    Optional<ProcessIdentity> init = Optional.empty();
    for (long waited = 0; waited < CLAIMED_WITHIN_MS; waited += POLL_MS) {
      if (init.isEmpty()) {
        init = runningProcess(id);
        if (init.isPresent()) {
          record.withInit(init.get()).write(directory);
        }
      }
      if (Files.exists(directory.resolve(Identity.FILE))) {
        return launched(record);
      }
      if (init.filter(ProcessIdentity::isAlive).isEmpty()) {
        return refused(directory, id);
      }
      Thread.sleep(POLL_MS);
    }
    return launched(record); // it lives, and claims when its disk lets it
  }

  private static Started launched(ContainerRecord record) {
    return record.generation() == 1
        ? Started.Launched.FIRST
        : new Started.Launched(
            Optional.of(
                "its container fell with the engine; the command was started again in %s (restart %d)"
                    .formatted(record.name(), record.generation() - 1)));
  }

  private Optional<ProcessIdentity> runningProcess(String id) {
    return engine
        .get()
        .inspect(id)
        .filter(Inspection::running)
        .flatMap(container -> ProcessIdentity.of(container.pid()));
  }

  /** It has ended without a claim; unless it has made one just now. */
  private Started refused(Path directory, String id) throws IOException {
    String engineSays = engine.get().inspect(id).map(Remains::describe).orElse(Remains.REMOVED);
    if (Files.exists(directory.resolve(Identity.FILE))) {
      return Started.Launched.FIRST;
    }
    return new Started.Never(
        "the shim did not start in its container: %s; %s"
            .formatted(Answer.of(directory).orElse("no word of its own"), engineSays));
  }
}
