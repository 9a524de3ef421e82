package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Jobs that wait for a slot, by lane; within a lane in the order of their places. */
final class ReadyQueue {
  private final Map<Lane, TreeSet<Place>> lanes = new HashMap<>();
  private final Map<JobId, Lane> laneOf = new HashMap<>();

  /** The first job of a lane. */
  record Head(Lane lane, Place place) {}

  void add(Job job, Lane lane) {
    lanes.computeIfAbsent(lane, l -> new TreeSet<>()).add(Place.of(job));
    laneOf.put(job.id(), lane);
  }

  void remove(Job job) {
    Lane lane = laneOf.remove(job.id());
    TreeSet<Place> places = lane == null ? null : lanes.get(lane);
    if (places != null) {
      places.remove(Place.of(job));
      if (places.isEmpty()) {
        lanes.remove(lane);
      }
    }
  }

  /** The first job of each lane, in no order. */
  List<Head> heads() {
    return lanes.entrySet().stream()
        .map(lane -> new Head(lane.getKey(), lane.getValue().first()))
        .toList();
  }

  /** All jobs of a lane, the first one first. */
  Stream<Place> in(Lane lane) {
    TreeSet<Place> places = lanes.get(lane);
    return places == null ? Stream.empty() : places.stream();
  }

  /** The first job of a lane; null if there is none. */
  @Nullable Head head(Lane lane) {
    TreeSet<Place> places = lanes.get(lane);
    return places == null ? null : new Head(lane, places.first());
  }

  int size() {
    return laneOf.size();
  }

  List<JobId> jobs() {
    return List.copyOf(laneOf.keySet());
  }
}
