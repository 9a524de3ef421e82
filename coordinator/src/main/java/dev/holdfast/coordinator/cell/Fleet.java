package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The workers of a cell, and which jobs each of them holds. */
final class Fleet {
  private record Offer(WorkerView worker, int free) {}

  private final Map<WorkerId, WorkerView> views = new TreeMap<>();
  private final Map<WorkerId, TreeSet<JobId>> held = new TreeMap<>();

  Optional<WorkerView> find(WorkerId worker) {
    return Optional.ofNullable(views.get(worker));
  }

  void put(WorkerView view) {
    views.put(view.id(), view);
  }

  Collection<WorkerView> all() {
    return views.values();
  }

  void hold(WorkerId worker, JobId job) {
    held.computeIfAbsent(worker, id -> new TreeSet<>()).add(job);
  }

  void letGo(WorkerId worker, JobId job) {
    held.getOrDefault(worker, new TreeSet<>()).remove(job);
  }

  /** A copy: what is decided about one of them may change the set. */
  List<JobId> heldBy(WorkerId worker) {
    return List.copyOf(held.getOrDefault(worker, new TreeSet<>()));
  }

  /**
   * The worker with the most free slots among those that meet the need, the smallest id among
   * equals; empty if all are full.
   */
  Optional<WorkerView> mostFree(Need need, Instant now) {
    return views.values().stream()
        .filter(view -> view.presence() != null && need.metBy(view.presence()))
        .map(view -> new Offer(view, view.free(holds(view.id()), now)))
        .filter(offer -> offer.free() > 0)
        .max(
            Comparator.comparingInt(Offer::free)
                .thenComparing(o -> o.worker().id(), Comparator.reverseOrder()))
        .map(Offer::worker);
  }

  private int holds(WorkerId worker) {
    var jobs = held.get(worker);
    return jobs == null ? 0 : jobs.size();
  }
}
