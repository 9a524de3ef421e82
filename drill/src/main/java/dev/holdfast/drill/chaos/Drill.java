package dev.holdfast.drill.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.drill.check.Checker;
import dev.holdfast.drill.check.Ledger;
import dev.holdfast.drill.check.TopicDump;
import dev.holdfast.drill.check.Verdict;
import dev.holdfast.drill.fault.FaultPlan;
import dev.holdfast.drill.work.DrillJob;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.topic.CellTopic;
import dev.holdfast.standalone.cli.Api;
import dev.holdfast.standalone.demo.Leftovers;
import dev.holdfast.standalone.supervise.DataDirLock;
import dev.holdfast.standalone.supervise.Supervisor;
import dev.holdfast.standalone.up.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One drill: a real system with every role a process of its own, a workload, kill -9 of one process
 * after the other, then quiet, then judgement.
 */
public final class Drill {
  private static final Logger log = LoggerFactory.getLogger(Drill.class);
  private static final String CELL = "main";

  private final DrillConfig config;
  private final Plan plan;
  private final Client client;
  private final Path ledger;
  private final List<DrillJob> workload;
  private final FaultPlan faults;

  public Drill(DrillConfig config, Plan plan, Path repository) {
    this.config = config;
    this.plan = plan;
    this.ledger = config.directory().resolve("ledger.txt");
    this.client = new Client(new Api(plan.url()), ledger, repository);
    this.workload = DrillJob.workload(config.seed(), config.jobs());
    this.faults = FaultPlan.of(config.seed(), config.faults(), targets(plan));
  }

  /**
   * Workers twice a round: most of what is promised is about them, and only while the rest is up.
   */
  private static List<String> targets(Plan plan) {
    return Stream.concat(
            plan.names().stream(), plan.names().stream().filter(name -> name.startsWith("worker-")))
        .toList();
  }

  /** Runs the drill to its end; processes of it that outlive it are counted and ended. */
  public DrillReport run() throws InterruptedException {
    long beganNanos = System.nanoTime();
    var leftovers = new Leftovers(config.directory());
    try (DataDirLock lock = DataDirLock.take(config.directory(), "up");
        var supervisor = new Supervisor(lock, event -> log.info("{}", event))) {
      Systems.start(supervisor, plan);
      try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        List<CompletableFuture<String>> submitted = submitAll(executor);
        Map<String, Integer> kills = kill(supervisor);
        List<Checker.Seen> seen = awaitQuiet(submitted);
        Map<String, List<JobEvent>> events = events();
        int deadLetters = dump(CellTopic.DEAD_LETTERS).size();
        Verdict verdict = new Checker(readLedger(), events).check(seen);
        supervisor.close();
        return new DrillReport(
            config.seed(),
            seen.size(),
            kills,
            count(events),
            seen.stream().mapToLong(job -> job.output().length).sum(),
            deadLetters,
            leftovers.count(),
            Duration.ofNanos(System.nanoTime() - beganNanos),
            verdict);
      }
    } finally {
      leftovers.end();
    }
  }

  /** Spread over the first two thirds of the faults, so that every phase of a job meets some. */
  private List<CompletableFuture<String>> submitAll(Executor executor) {
    long spacingMs = config.faults().toMillis() * 2 / 3 / Math.max(1, workload.size());
    var submitted = new ArrayList<CompletableFuture<String>>();
    for (int i = 0; i < workload.size(); i++) {
      DrillJob job = workload.get(i);
      long delayMs = i * spacingMs;
      submitted.add(
          CompletableFuture.supplyAsync(
              () -> submit(job),
              CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS, executor)));
    }
    return submitted;
  }

  private String submit(DrillJob job) {
    String id = client.submit(job);
    if (job.submittedTwice() && !client.submit(job).equals(id)) {
      throw new IllegalStateException("the same key gave two jobs: " + job.key());
    }
    return id;
  }

  private Map<String, Integer> kill(Supervisor supervisor) throws InterruptedException {
    long beganNanos = System.nanoTime();
    Map<String, Integer> kills = new HashMap<>();
    for (FaultPlan.Fault fault : faults.faults()) {
      long waitNanos = fault.at().toNanos() - (System.nanoTime() - beganNanos);
      if (waitNanos > 0) {
        Thread.sleep(Duration.ofNanos(waitNanos));
      }
      boolean lived = supervisor.kill(fault.target());
      log.info("kill -9 of {}{}", fault.target(), lived ? "" : ", which is being restarted");
      if (lived) {
        kills.merge(fault.target(), 1, Integer::sum);
      }
    }
    return kills;
  }

  private List<Checker.Seen> awaitQuiet(List<CompletableFuture<String>> submitted)
      throws InterruptedException {
    long giveUpAt = System.nanoTime() + config.quiet().toNanos();
    var seen = new ArrayList<Checker.Seen>();
    for (int i = 0; i < workload.size(); i++) {
      String id = submitted.get(i).join();
      JsonNode job = client.job(id);
      while (!List.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT")
              .contains(job.path("state").asText())
          && System.nanoTime() < giveUpAt) {
        Thread.sleep(100);
        job = client.job(id);
      }
      seen.add(
          new Checker.Seen(
              workload.get(i),
              id,
              job.path("state").asText(),
              job.hasNonNull("exitCode") ? job.path("exitCode").asInt() : null,
              client.output(id)));
    }
    return seen;
  }

  private Map<String, List<JobEvent>> events() {
    Map<String, List<JobEvent>> events = new TreeMap<>();
    for (var record : dump(CellTopic.EVENTS)) {
      JobEvent event = Serdes.EVENT.read(record.value());
      events.computeIfAbsent(event.job().value(), id -> new ArrayList<>()).add(event);
    }
    return events;
  }

  private List<ConsumerRecord<String, byte[]>> dump(CellTopic topic) {
    return TopicDump.read(plan.broker().bootstrapServers(), topic.in(CELL));
  }

  private Ledger readLedger() {
    try {
      return Ledger.of(Files.readAllLines(ledger));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Integer> count(Map<String, List<JobEvent>> events) {
    Map<String, Integer> counts = new HashMap<>();
    Consumer<JobEvent> one =
        event -> {
          String detail =
              switch (event) {
                case JobEvent.Requeued requeued -> " " + requeued.reason();
                case JobEvent.Ended ended -> " " + ended.state();
                case JobEvent.HealthChanged changed -> " " + changed.health();
                case JobEvent.CommandRejected rejected ->
                    " " + rejected.command() + " " + rejected.code();
                default -> "";
              };
          counts.merge(event.getClass().getSimpleName() + detail, 1, Integer::sum);
        };
    events.values().forEach(history -> history.forEach(one));
    return counts;
  }
}
