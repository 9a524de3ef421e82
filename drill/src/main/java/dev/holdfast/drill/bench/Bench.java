package dev.holdfast.drill.bench;

import dev.holdfast.drill.chaos.Systems;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.schemas.topic.CellTopic;
import dev.holdfast.standalone.supervise.DataDirLock;
import dev.holdfast.standalone.supervise.Supervisor;
import dev.holdfast.standalone.up.Plan;
import dev.holdfast.standalone.up.StartUpCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The figures of a whole system on this machine: start, latency and throughput of no-op jobs,
 * memory. Arguments: a directory for its data.
 */
public final class Bench {
  private static final String CELL = "main";
  private static final int SLOTS = 1_000;
  private static final int WARM_UP = 2_000;
  private static final int BURST = 20_000;
  private static final int ROUNDS = 3;
  private static final int PACED = 1_000;
  private static final Duration PACE = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Plan plan;

  private Bench(Plan plan) {
    this.plan = plan;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory =
        args.length > 0
            ? Files.createDirectories(Path.of(args[0])).toRealPath()
            : Files.createTempDirectory("holdfast-bench");
    Plan plan = Systems.plan(directory, 2, SLOTS, false, Duration.ofSeconds(30));
    System.out.printf("start to ready, first start        %6d ms%n", new Bench(plan).start());
    if (StartUpCache.here().await(PATIENCE)) {
      System.out.println("class cache of all roles           built");
    }
    new Bench(plan).measure();
  }

  /** Up and down once. */
  private long start() throws InterruptedException {
    try (DataDirLock lock = DataDirLock.take(plan.data(), "up");
        var supervisor = new Supervisor(lock, event -> {})) {
      return timedStart(supervisor);
    }
  }

  private long timedStart(Supervisor supervisor) throws InterruptedException {
    long beganNanos = System.nanoTime();
    Systems.start(supervisor, plan);
    return millisSince(beganNanos);
  }

  private void measure() throws InterruptedException {
    try (DataDirLock lock = DataDirLock.take(plan.data(), "up");
        var supervisor = new Supervisor(lock, event -> {})) {
      System.out.printf("start to ready, later start        %6d ms%n", timedStart(supervisor));
      memory(supervisor, "after start");
      try (Producer<String, byte[]> producer =
              new KafkaClients(plan.broker().bootstrapServers())
                  .producer("bench", Duration.ofMinutes(2));
          var clock = new EventClock(plan.broker().bootstrapServers(), CELL)) {
        burst(producer, clock, "warm", WARM_UP);
        paced(producer, clock);
        for (int round = 1; round <= ROUNDS; round++) {
          long tookMs = burst(producer, clock, "burst" + round, BURST);
          System.out.printf(
              "%,d no-op jobs at once, round %d     %6d ms, %,d jobs/s%n",
              BURST, round, tookMs, BURST * 1000L / Math.max(1, tookMs));
        }
      }
      memory(supervisor, "after the load");
    }
  }

  /** Sends as fast as it can, waits for the last end. */
  private long burst(Producer<String, byte[]> producer, EventClock clock, String name, int count)
      throws InterruptedException {
    long before = clock.endedCount();
    long beganNanos = System.nanoTime();
    for (int i = 0; i < count; i++) {
      submit(producer, id(name, i));
    }
    awaitEnded(clock, before + count);
    return millisSince(beganNanos);
  }

  private void paced(Producer<String, byte[]> producer, EventClock clock)
      throws InterruptedException {
    var sentNanos = new long[PACED];
    long before = clock.endedCount();
    long beganNanos = System.nanoTime();
    for (int i = 0; i < PACED; i++) {
      long waitNanos = PACE.toNanos() * i - (System.nanoTime() - beganNanos);
      if (waitNanos > 0) {
        Thread.sleep(Duration.ofNanos(waitNanos));
      }
      sentNanos[i] = System.nanoTime();
      submit(producer, id("paced", i));
    }
    awaitEnded(clock, before + PACED);
    var running = new Histogram(3);
    var outcome = new Histogram(3);
    for (int i = 0; i < PACED; i++) {
      running.recordValue((clock.runningAt(id("paced", i)) - sentNanos[i]) / 1000);
      outcome.recordValue((clock.endedAt(id("paced", i)) - sentNanos[i]) / 1000);
    }
    print("submit to running, 50 jobs/s", running);
    print("submit to outcome visible, 50 jobs/s", outcome);
  }

  private static void print(String what, Histogram micros) {
    System.out.printf(
        "%-36s p50 %.1f ms, p99 %.1f ms%n",
        what, micros.getValueAtPercentile(50) / 1000.0, micros.getValueAtPercentile(99) / 1000.0);
  }

  private static void submit(Producer<String, byte[]> producer, String id) {
    var spec =
        new JobSpec(
            List.of(),
            "noop",
            null,
            new TreeMap<>(),
            new TreeMap<>(),
            JobSpec.DEFAULT_PRIORITY,
            Timeouts.NONE,
            null);
    var command = new JobCommand.Submit(new JobId(id), spec, "bench", null);
    producer.send(
        new ProducerRecord<>(CellTopic.COMMANDS.in(CELL), id, Serdes.COMMAND.write(command)));
  }

  private String id(String name, int i) {
    return "bench-" + plan.http().port() + "-" + name + "-" + i;
  }

  private static void awaitEnded(EventClock clock, long count) throws InterruptedException {
    long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
    while (clock.endedCount() < count) {
      if (System.nanoTime() > giveUpAt) {
        throw new IllegalStateException(clock.endedCount() + " of " + count + " jobs ended");
      }
      Thread.sleep(1);
    }
  }

  private void memory(Supervisor supervisor, String when) {
    for (String name : plan.names()) {
      OptionalLong pid = supervisor.pid(name);
      if (pid.isPresent()) {
        System.out.printf(
            "resident memory %s, %-10s %6d MB%n",
            when, name, residentKilobytes(pid.getAsLong()) / 1024);
      }
    }
  }

  private static long residentKilobytes(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }
}
