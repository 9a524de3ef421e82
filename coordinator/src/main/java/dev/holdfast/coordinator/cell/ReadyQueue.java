package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobId;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Jobs that wait for a slot: highest priority first, then in the order of their submission. */
final class ReadyQueue {
  private record Entry(int priority, long sequence, JobId job) {}

  private static final Comparator<Entry> ORDER =
      Comparator.comparingInt(Entry::priority).reversed().thenComparingLong(Entry::sequence);

  private final Map<Need, TreeSet<Entry>> entries = new EnumMap<>(Need.class);

  ReadyQueue() {
    for (Need need : Need.values()) {
      entries.put(need, new TreeSet<>(ORDER));
    }
  }

  void add(Job job) {
    of(Need.of(job.spec())).add(entryOf(job));
  }

  void remove(Job job) {
    of(Need.of(job.spec())).remove(entryOf(job));
  }

  /** The first job that needs no other than these. */
  Optional<JobId> first(Set<Need> served) {
    return served.stream()
        .map(this::of)
        .filter(set -> !set.isEmpty())
        .map(TreeSet::first)
        .min(ORDER)
        .map(Entry::job);
  }

  int size() {
    return entries.values().stream().mapToInt(TreeSet::size).sum();
  }

  Stream<JobId> inOrder() {
    return entries.values().stream().flatMap(TreeSet::stream).sorted(ORDER).map(Entry::job);
  }

  private TreeSet<Entry> of(Need need) {
    return Objects.requireNonNull(entries.get(need));
  }

  private static Entry entryOf(Job job) {
    return new Entry(job.spec().priority(), job.sequence(), job.id());
  }
}
