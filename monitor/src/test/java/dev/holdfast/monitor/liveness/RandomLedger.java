package dev.holdfast.monitor.liveness;

import static dev.holdfast.monitor.liveness.LeaseFixtures.heartbeat;
import static dev.holdfast.monitor.liveness.LeaseFixtures.job;

import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import dev.holdfast.schemas.lease.Liveness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Seeded histories of one partition, with everything in them that a log may hold. */
final class RandomLedger {
  /** A record of the log; no value is a tombstone. */
  record Entry(JobId job, @Nullable LeaseRecord value) {}

  private static final JobId TICK_HAS_NO_JOB = new JobId("tick");
  private static final List<Liveness> LIVENESSES =
      List.of(
          Liveness.DEFAULT,
          new Liveness(Duration.ofSeconds(10), Duration.ofSeconds(45)),
          new Liveness(Duration.ofSeconds(20), Duration.ofSeconds(301)));

  private final Random random;
  private final int jobs;
  private final Set<Integer> silent = new HashSet<>();
  private final long[] tokens;
  private final long[] sequences;
  private long newestToken = 10;
  private long incarnation = 1;

  RandomLedger(long seed, int jobs) {
    this.random = new Random(seed);
    this.jobs = jobs;
    this.tokens = new long[jobs];
    this.sequences = new long[jobs];
  }

  List<Entry> entries(int count) {
    var entries = new ArrayList<Entry>();
    while (entries.size() < count) {
      entries.add(next());
    }
    return entries;
  }

  private Entry next() {
    int number = random.nextInt(jobs);
    int dice = random.nextInt(1000);
    if (dice < 250) {
      return tick();
    } else if (dice < 270) {
      tokens[number] = ++newestToken;
      sequences[number] = 0;
      return opened(number, tokens[number], 0);
    } else if (dice < 275) {
      return new Entry(job(number), null);
    } else if (dice < 280 && tokens[number] > 0) {
      return opened(number, tokens[number], ++sequences[number]);
    } else if (dice < 285) {
      return opened(number, 1 + random.nextInt(10), 3);
    } else if (dice < 290) {
      return new Entry(job(number), heartbeat(1 + random.nextInt((int) newestToken)));
    } else if (dice < 293) {
      return goSilent();
    } else if (dice < 296) {
      silent.clear();
    }
    return silent.contains(number) || tokens[number] == 0
        ? tick()
        : new Entry(job(number), heartbeat(tokens[number]));
  }

  /** One job, or a third of them at once. */
  private Entry goSilent() {
    int first = random.nextInt(jobs);
    int count = random.nextBoolean() ? 1 : Math.max(1, jobs / 3);
    for (int offset = 0; offset < count; offset++) {
      silent.add((first + offset) % jobs);
    }
    return tick();
  }

  private Entry tick() {
    int dice = random.nextInt(100);
    if (dice < 2) {
      incarnation++;
    }
    long of = dice >= 2 && dice < 5 ? Math.max(1, incarnation - 1) : incarnation;
    long elapsedMs = dice < 10 ? random.nextInt(30_000) : 4_900 + random.nextInt(200);
    return new Entry(TICK_HAS_NO_JOB, new Tick(of, elapsedMs));
  }

  private Entry opened(int number, long token, long sequence) {
    return new Entry(
        job(number),
        LeaseFixtures.opened(token, sequence, LIVENESSES.get(random.nextInt(LIVENESSES.size()))));
  }
}
