package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.LockWish;
import dev.holdfast.schemas.job.RetryPolicy;
import dev.holdfast.schemas.job.Scheduling;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What some jobs ask for beyond a slot: locks, another try, a late start, an owner's share. */
final class Wishes {
  private static final List<String> LOCKS = List.of("lock-a", "lock-b", "lock-c");
  private static final List<String> OWNERS = List.of("owner-a", "owner-b", "owner-c");

  private final Chance chance;
  private final Map<JobId, JobSpec> decided = new HashMap<>();

  /** Draws from a source of its own, so that faults and work stay as they are without it. */
  Wishes(Chance chance) {
    this.chance = chance;
  }

  /** The job with what it asks for; the same each time. */
  JobSpec of(JobId job, JobSpec plain) {
    JobSpec wishing = decided.computeIfAbsent(job, id -> wish(plain));
    return new JobSpec(
        plain.command(),
        plain.handler(),
        plain.repository(),
        plain.env(),
        plain.labels(),
        plain.priority(),
        plain.timeouts(),
        plain.liveness(),
        plain.files(),
        plain.secrets(),
        plain.limits(),
        plain.container(),
        plain.onLostLease(),
        plain.finisher(),
        plain.checkpoint(),
        plain.agentFiles(),
        wishing.scheduling(),
        wishing.locks(),
        wishing.retry(),
        null);
  }

  private JobSpec wish(JobSpec plain) {
    Instant notBefore =
        chance.oneIn(6) ? Instant.EPOCH.plusMillis(chance.between(0, 20 * 60_000)) : null;
    var scheduling =
        new Scheduling(chance.oneOf(OWNERS), null, new TreeMap<>(), null, notBefore, null);
    return new JobSpec(
        plain.command(),
        plain.handler(),
        null,
        new TreeMap<>(),
        new TreeMap<>(),
        plain.priority(),
        plain.timeouts(),
        null,
        new TreeMap<>(),
        List.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        scheduling,
        locks(),
        chance.oneIn(3) ? retry() : null,
        null);
  }

  private List<LockWish> locks() {
    if (!chance.oneIn(3)) {
      return List.of();
    }
    LockWish first = new LockWish(chance.oneOf(LOCKS), 1);
    LockWish second = new LockWish(chance.oneOf(LOCKS), 1);
    return first.equals(second) ? List.of(first) : List.of(first, second);
  }

  private static RetryPolicy retry() {
    return new RetryPolicy(
        2, List.of(), new TreeSet<>(), Duration.ofSeconds(10), Duration.ofMinutes(1), 0.5, null);
  }
}
