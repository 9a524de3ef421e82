package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.Scheduling;
import dev.holdfast.schemas.job.Scheduling.ResourceRequest;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The workers of a cell, and which jobs each of them holds. */
final class Fleet {
  private static final ResourceRequest NOTHING = new ResourceRequest(null, null);

  /** Best last: not where the job was lost, where its repository is, where most is free. */
  private static final Comparator<Offer> ORDER =
      Comparator.comparing(Offer::lostThere, Comparator.reverseOrder())
          .thenComparing(Offer::mirrored)
          .thenComparingInt(Offer::free)
          .thenComparing(offer -> offer.worker().id(), Comparator.reverseOrder());

  private final Map<WorkerId, WorkerView> views = new TreeMap<>();
  private final Map<WorkerId, TreeMap<JobId, ResourceRequest>> held = new TreeMap<>();

  private record Offer(WorkerView worker, int free, boolean mirrored, boolean lostThere) {}

  Optional<WorkerView> find(WorkerId worker) {
    return Optional.ofNullable(views.get(worker));
  }

  void put(WorkerView view) {
    views.put(view.id(), view);
  }

  Collection<WorkerView> all() {
    return views.values();
  }

  void hold(WorkerId worker, Job job) {
    ResourceRequest asked = job.spec().schedulingOrNone().resources();
    held.computeIfAbsent(worker, id -> new TreeMap<>())
        .put(job.id(), asked == null ? NOTHING : asked);
  }

  void letGo(WorkerId worker, Job job) {
    held.getOrDefault(worker, new TreeMap<>()).remove(job.id());
  }

  /** A copy: what is decided about one of them may change the set. */
  List<JobId> heldBy(WorkerId worker) {
    return List.copyOf(held.getOrDefault(worker, new TreeMap<>()).keySet());
  }

  /** Whether any worker has a free slot, whatever for. */
  boolean hasRoom(Instant now) {
    return views.values().stream().anyMatch(view -> free(view, now) > 0);
  }

  /**
   * The worker that suits a job best, of those that have a free slot and all else that its lane
   * needs: one on which no attempt of it was lost, then one that holds its repository already, then
   * the one with the most free slots, the smallest id among equals. Empty if there is none.
   */
  Optional<WorkerView> best(Job job, Lane lane, Controls controls, Instant now) {
    var repository = job.spec().repository();
    return views.values().stream()
        .filter(view ->
            free(view, now) > 0
                && !controls.drains(view.id())
                && view.presence() != null
                && suits(lane, view.presence()))
        .map(view ->
            new Offer(
                view,
                free(view, now),
                repository != null
                    && view.presence() != null
                    && view.presence().mirrors().contains(repository.url()),
                job.losses().stream().anyMatch(loss -> loss.worker().equals(view.id()))))
        .max(ORDER)
        .map(Offer::worker);
  }

  private boolean suits(Lane lane, Presence presence) {
    return pools(presence).contains(lane.pool())
        && lane.need().metBy(presence)
        && presence.labels().entrySet().containsAll(lane.requires().entrySet())
        && (lane.resources() == null || hasFree(lane.resources(), presence));
  }

  private static List<String> pools(Presence presence) {
    return presence.pools().isEmpty() ? List.of(Scheduling.DEFAULT_POOL) : presence.pools();
  }

  private boolean hasFree(ResourceRequest asked, Presence presence) {
    SortedMap<JobId, ResourceRequest> jobs = held.getOrDefault(presence.worker(), new TreeMap<>());
    double cpus =
        jobs.values().stream().mapToDouble(given -> orZero(given.cpus())).sum()
            + orZero(asked.cpus());
    double memory =
        jobs.values().stream().mapToDouble(given -> orZero(given.memoryBytes())).sum()
            + orZero(asked.memoryBytes());
    return (asked.cpus() == null || cpus <= orZero(presence.cpus()))
        && (asked.memoryBytes() == null || memory <= orZero(presence.memoryBytes()));
  }

  private static double orZero(@Nullable Number number) {
    return number == null ? 0 : number.doubleValue();
  }

  private int free(WorkerView view, Instant now) {
    var jobs = held.get(view.id());
    return view.free(jobs == null ? 0 : jobs.size(), now);
  }
}
