package dev.holdfast.monitor.liveness;

import static dev.holdfast.monitor.liveness.LeaseFixtures.heartbeat;
import static dev.holdfast.monitor.liveness.LeaseFixtures.job;
import static dev.holdfast.monitor.liveness.LeaseFixtures.opened;

import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.lease.LeaseRecord.Heartbeat;
import dev.holdfast.schemas.lease.LeaseRecord.Opened;
import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import dev.holdfast.schemas.lease.Liveness;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One partition with its broker, beating workers and a monitor, in steps of 100 ms of true time.
 * The broker can be down, the monitor paused (it goes on where it stood) or killed (its table
 * stays).
 */
final class OutageWorld {
  private static final long STEP_MS = 100;

  record Proposed(long atMs, JobCommand command) {}

  private record Entry(JobId job, LeaseRecord value) {}

  private final Liveness liveness;
  private final Random random;
  private final List<Entry> log = new ArrayList<>();
  private final ArrayDeque<Entry> unsentTicks = new ArrayDeque<>();
  private final long[] nextBeatMs;
  private final boolean[] dead;
  private final Map<JobId, Long> lastBeatMs = new HashMap<>();
  private final InMemoryLeaseTable table = new InMemoryLeaseTable();
  private final List<Proposed> proposals = new ArrayList<>();
  private long nowMs = 0;
  private int readUpTo = 0;
  private boolean brokerUp = true;
  private boolean monitorRuns = true;
  private @Nullable LeaseWatch watch;
  private @Nullable Ticker ticker;

  OutageWorld(long seed, int jobs, Liveness liveness) {
    this.random = new Random(seed);
    this.liveness = liveness;
    this.nextBeatMs = new long[jobs];
    this.dead = new boolean[jobs];
    for (int number = 0; number < jobs; number++) {
      log.add(new Entry(job(number), opened(number + 1, 0, liveness)));
      nextBeatMs[number] = random.nextLong(liveness.heartbeat().toMillis());
    }
  }

  void run(Duration time) {
    for (long end = nowMs + time.toMillis(); nowMs < end; nowMs += STEP_MS) {
      beat();
      if (monitorRuns && brokerUp) {
        deliverTicks();
        readAndTick();
      } else if (monitorRuns) {
        tick();
      }
    }
  }

  void kill(int number) {
    dead[number] = true;
  }

  void brokerUp(boolean up) {
    brokerUp = up;
  }

  void pauseMonitor() {
    monitorRuns = false;
  }

  void resumeMonitor() {
    monitorRuns = true;
  }

  /** What it had sent and the broker had not seen is gone with it. */
  void killMonitor() {
    monitorRuns = false;
    watch = null;
    ticker = null;
    unsentTicks.clear();
  }

  List<Proposed> proposals() {
    return proposals;
  }

  /** When the log took the job's newest beat. */
  long lastBeatMs(JobId job) {
    return lastBeatMs.getOrDefault(job, 0L);
  }

  /**
   * While the broker is away a beat is tried again, as a worker does, and only the newest matters.
   */
  private void beat() {
    for (int number = 0; number < dead.length; number++) {
      if (dead[number] || nowMs < nextBeatMs[number]) {
        continue;
      }
      if (brokerUp) {
        log.add(new Entry(job(number), heartbeat(number + 1)));
        lastBeatMs.put(job(number), nowMs);
        long heartbeatMs = liveness.heartbeat().toMillis();
        nextBeatMs[number] = nowMs + heartbeatMs * (90 + random.nextInt(21)) / 100;
      } else {
        nextBeatMs[number] = nowMs + liveness.staleAfter().dividedBy(24).toMillis();
      }
    }
  }

  private void deliverTicks() {
    log.addAll(unsentTicks);
    unsentTicks.clear();
  }

  private void readAndTick() {
    if (watch == null) {
      watch = new LeaseWatch(table, liveness.tick());
      ticker = new Ticker(table.clock().incarnation() + 1, liveness.tick());
    }
    // A reader that has fallen behind takes several polls to catch up.
    int end = Math.min(log.size(), readUpTo + 1 + random.nextInt(200));
    for (; readUpTo < end; readUpTo++) {
      Entry entry = log.get(readUpTo);
      switch (entry.value()) {
        case Opened opened -> watch.opened(entry.job(), opened);
        case Heartbeat beat -> watch.beat(entry.job(), beat).ifPresent(this::proposed);
        case Tick tick -> {
          ticker.returned(tick, nanos());
          watch.ticked(tick).proposals().forEach(this::proposed);
        }
      }
    }
    tick();
  }

  private void tick() {
    if (ticker != null) {
      ticker.next(nanos()).ifPresent(tick -> unsentTicks.add(new Entry(new JobId("tick"), tick)));
    }
  }

  private void proposed(JobCommand command) {
    proposals.add(new Proposed(nowMs, command));
  }

  private long nanos() {
    return Duration.ofMillis(nowMs).toNanos();
  }
}
