package dev.holdfast.monitor.liveness;

import dev.holdfast.schemas.job.JobId;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * When to look at which lease next: one entry per open lease, in order of time. A tick costs what
 * is due, not what is open.
 */
final class DeadlineIndex {
  private record Entry(long dueMs, JobId job) {}

  private final TreeSet<Entry> entries =
      new TreeSet<>(Comparator.comparingLong(Entry::dueMs).thenComparing(Entry::job));

  void add(JobId job, Lease lease) {
    entries.add(new Entry(lease.dueMs(), job));
  }

  void remove(JobId job, Lease lease) {
    entries.remove(new Entry(lease.dueMs(), job));
  }

  /** The first entries that are due, oldest first. */
  List<JobId> due(long nowMs, int most) {
    return entries.stream()
        .takeWhile(entry -> entry.dueMs() <= nowMs)
        .limit(most)
        .map(Entry::job)
        .toList();
  }
}
