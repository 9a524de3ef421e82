package dev.holdfast.drill.absence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.drill.chaos.Systems;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.OnLostLease;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.topic.CellTopic;
import dev.holdfast.standalone.demo.Leftovers;
import dev.holdfast.standalone.supervise.DataDirLock;
import dev.holdfast.standalone.supervise.Supervisor;
import dev.holdfast.standalone.up.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker is killed under many running jobs and stays away for longer than anybody's
 * stale-after: the few that are to freeze wait for it, and all go on as the processes that they
 * were.
 */
@Tag("long")
class BrokerOutageTest {
  /** A thousand with {@code -Dholdfast.outage.jobs=1000}. */
  private static final int JOBS = Integer.getInteger("holdfast.outage.jobs", 100);

  private static final int BUSY = 4;

  /** A lease is counted from before its job is started: so many are started within a short one. */
  private static final int AT_ONCE = 50;

  private static final int WORKERS = 2;
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  /** Of the many. The busy few have the cell's own: 1 s and 5 s, a thirtieth of 30 s and 150 s. */
  private static final Liveness CALM = new Liveness(Duration.ofSeconds(3), Duration.ofSeconds(15));

  /** Twice the longer stale-after, more than five times the shorter one. */
  private static final Duration OUTAGE = Duration.ofSeconds(30);

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * Blocks until there is a writer; costs nothing meanwhile. It is not frozen with its lease: a
   * thousand shims that keep their jobs still leave a small machine no time for the broker's
   * return.
   */
  private static final String WAITING = "echo $$; read end <%s/end; echo $$";

  /** Writes down that it runs, 10 times a second. */
  private static final String TICKING =
      """
      echo $$ >%1$s/pid-$HOLDFAST_JOB
      until [ -e %1$s/end-busy ]; do echo $$ >>%1$s/ticks-$HOLDFAST_JOB; sleep 0.1; done
      echo $$
      """;

  @TempDir private Path temporary;

  @Test
  void costsTimeAndNothingElse() throws Exception {
    Path directory = temporary.toRealPath();
    Path data = Files.createDirectories(directory.resolve("data"));
    Plan plan = Systems.plan(data, WORKERS, (JOBS + BUSY) / WORKERS, false, HEARTBEAT);
    assertThat(new ProcessBuilder("mkfifo", directory.resolve("end").toString()).start().waitFor())
        .isZero();
    try (DataDirLock lock = DataDirLock.take(data, "test");
        var supervisor = new Supervisor(lock, event -> {})) {
      Systems.start(supervisor, plan);
      try (var decisions = new Decisions(plan.broker().bootstrapServers())) {
        long begun = System.nanoTime();
        List<JobId> busy = ids("busy", BUSY);
        List<JobId> all = new ArrayList<>(ids("calm", JOBS));
        for (int from = 0; from < JOBS; from += AT_ONCE) {
          List<JobId> some = all.subList(from, Math.min(JOBS, from + AT_ONCE));
          submit(plan, some, WAITING.formatted(directory), CALM);
          awaitTaken(decisions, from + some.size());
        }
        submit(plan, busy, TICKING.formatted(directory), null);
        all.addAll(busy);
        awaitTaken(decisions, all.size());
        for (JobId job : busy) {
          await(job + " to tick")
              .atMost(PATIENCE)
              .until(() -> Files.exists(directory.resolve("ticks-" + job)));
        }
        System.out.printf("outage: %,d jobs run after %,d ms%n", all.size(), since(begun));

        supervisor.abandon("broker");
        supervisor.kill("broker");
        long away = System.nanoTime();
        for (JobId job : busy) {
          await(job + " to be frozen")
              .atMost(PATIENCE)
              .ignoreExceptions()
              .until(() -> frozen(data, job));
        }
        System.out.printf(
            "  busy jobs frozen after %,d ms, state %s%n",
            since(away), state(directory, busy.getFirst()));
        long ticks = ticks(directory, busy);
        await("the outage to have lasted")
            .atMost(PATIENCE)
            .until(() -> since(away) >= OUTAGE.toMillis());
        assertThat(ticks(directory, busy)).as("what is frozen does nothing").isEqualTo(ticks);

        long back = System.nanoTime();
        supervisor.start(plan.brokerSpec()).join();
        await("the busy jobs to go on")
            .atMost(PATIENCE)
            .until(() -> ticks(directory, busy) > ticks + BUSY);
        await("all leases")
            .atMost(PATIENCE)
            .until(() ->
                decisions.events(JobEvent.LeaseRenewed.class).map(JobEvent::job).distinct().count()
                    >= all.size());
        System.out.printf(
            "  away for %,d ms; all %,d leases renewed %,d ms later%n",
            OUTAGE.toMillis(), all.size(), since(back));
        end(directory);
        await("all to end")
            .atMost(PATIENCE)
            .until(() -> decisions.events(JobEvent.Ended.class).count() >= all.size());

        long flags = decisions.events(JobEvent.HealthChanged.class).count();
        List<JobEvent.Requeued> requeues =
            decisions
                .events(JobEvent.Requeued.class)
                .filter(requeued -> requeued.reason().costsAttempt())
                .toList();
        long good =
            decisions
                .events(JobEvent.Ended.class)
                .filter(event -> event.state().name().equals("SUCCEEDED") && event.attempt() == 1)
                .count();
        System.out.printf(
            "  %d flags, %d requeues; %,d of %,d succeeded in attempt 1%n",
            flags, requeues.size(), good, all.size());
        assertThat(decisions.events(JobEvent.HealthChanged.class)).isEmpty();
        assertThat(requeues)
            .as("what was given away; what was handed back unstarted is not")
            .isEmpty();
        assertThat(decisions.broken(all)).isEmpty();
        assertThat(good).isEqualTo(all.size());
        for (JobId job : busy) {
          assertThat(Files.readAllLines(directory.resolve("ticks-" + job)).stream().distinct())
              .as("the same process before and after")
              .containsExactly(Files.readString(directory.resolve("pid-" + job)).strip());
        }
      }
    } finally {
      new Leftovers(directory).end();
    }
  }

  private static void awaitTaken(Decisions decisions, int count) {
    await(count + " jobs to run")
        .atMost(PATIENCE)
        .until(() -> decisions.events(JobEvent.Taken.class).count() >= count);
  }

  private static List<JobId> ids(String name, int count) {
    return IntStream.range(0, count).mapToObj(n -> new JobId(name + "-" + n)).toList();
  }

  private static void submit(
      Plan plan, List<JobId> jobs, String script, @Nullable Liveness liveness) {
    var spec =
        new JobSpec(
            List.of("sh", "-c", script),
            null,
            null,
            new TreeMap<>(),
            new TreeMap<>(),
            JobSpec.DEFAULT_PRIORITY,
            Timeouts.NONE,
            liveness,
            new TreeMap<>(),
            List.of(),
            null,
            null,
            liveness == null ? OnLostLease.FREEZE : OnLostLease.CONTINUE,
            null,
            null,
            null);
    try (var producer =
        new KafkaClients(plan.broker().bootstrapServers()).producer("drill", PATIENCE)) {
      for (JobId job : jobs) {
        byte[] command = Serdes.COMMAND.write(new JobCommand.Submit(job, spec, "drill", null));
        producer.send(new ProducerRecord<>(CellTopic.COMMANDS.in("main"), job.value(), command));
      }
    }
  }

  /** Lets all jobs end. */
  private static void end(Path directory) throws IOException {
    Files.createFile(directory.resolve("end-busy"));
    Files.newOutputStream(directory.resolve("end")).close();
  }

  /** What its shim says. */
  private static boolean frozen(Path data, JobId job) throws IOException {
    for (int worker = 1; worker <= WORKERS; worker++) {
      Path runs = data.resolve("workers/worker-" + worker + "/runs").resolve(job.value());
      if (Files.isDirectory(runs)) {
        try (Stream<Path> attempts = Files.list(runs)) {
          String beat = Files.readString(attempts.findFirst().orElseThrow().resolve("beat"));
          return !beat.contains("frozen_since_ms=0 ");
        }
      }
    }
    return false;
  }

  private static long ticks(Path directory, List<JobId> busy) throws IOException {
    long ticks = 0;
    for (JobId job : busy) {
      ticks += Files.readAllLines(directory.resolve("ticks-" + job)).size();
    }
    return ticks;
  }

  /** What the kernel says: T for stopped, D for frozen with its cgroup. */
  private static String state(Path directory, JobId job) throws IOException {
    String pid = Files.readString(directory.resolve("pid-" + job)).strip();
    return Files.readString(Path.of("/proc", pid, "stat")).replaceAll("^.*\\) (.) .*\\s*$", "$1");
  }

  private static long since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }
}
