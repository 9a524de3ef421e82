package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.LockWish;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Who holds the cell's locks and who waits for them. It follows from the jobs: one that is queued
 * or runs holds all its locks, one that waits for locks waits for all of them.
 *
 * <p>A job is granted its locks all at once, when each has room and nobody waits for any of them
 * before it. So locks are granted in the order of places, the first of all who wait is never
 * overtaken on any lock it needs, and there is neither starvation nor deadlock.
 */
final class Locks {
  private final Map<String, Map<JobId, Integer>> holders = new HashMap<>();
  private final Map<String, TreeSet<Place>> waiters = new HashMap<>();

  /** Names at which somebody may be granted something that could not be before. */
  private final LinkedHashSet<String> stirred = new LinkedHashSet<>();

  void hold(Job job) {
    for (LockWish wish : job.spec().allLocks()) {
      holders
          .computeIfAbsent(wish.name(), n -> new LinkedHashMap<>())
          .put(job.id(), wish.permits());
    }
  }

  void letGo(Job job) {
    for (LockWish wish : job.spec().allLocks()) {
      Map<JobId, Integer> held = holders.get(wish.name());
      if (held != null && held.remove(job.id()) != null) {
        stirred.add(wish.name());
        if (held.isEmpty()) {
          holders.remove(wish.name());
        }
      }
    }
  }

  void await(Job job) {
    for (LockWish wish : job.spec().allLocks()) {
      waiters.computeIfAbsent(wish.name(), n -> new TreeSet<>()).add(Place.of(job));
      stirred.add(wish.name());
    }
  }

  void giveUp(Job job) {
    for (LockWish wish : job.spec().allLocks()) {
      TreeSet<Place> waiting = waiters.get(wish.name());
      if (waiting != null && waiting.remove(Place.of(job))) {
        stirred.add(wish.name());
        if (waiting.isEmpty()) {
          waiters.remove(wish.name());
        }
      }
    }
  }

  /** A lock has more or fewer permits than before. */
  void resized(String name) {
    stirred.add(name);
  }

  List<JobId> holdersOf(String name) {
    return List.copyOf(holders.getOrDefault(name, Map.of()).keySet());
  }

  /** Those who wait for a lock, the next to be granted it first. */
  List<JobId> waitersFor(String name) {
    TreeSet<Place> waiting = waiters.get(name);
    return waiting == null ? List.of() : waiting.stream().map(Place::job).toList();
  }

  /**
   * The next job that can be granted all its locks; empty when nobody can. To be asked again once
   * that job has been granted them.
   *
   * @param permits how many a lock has
   * @param wishes what a job needs
   */
  Optional<JobId> next(ToIntFunction<String> permits, Function<JobId, List<LockWish>> wishes) {
    var names = new ArrayDeque<>(stirred);
    while (!names.isEmpty()) {
      String name = names.remove();
      TreeSet<Place> waiting = waiters.get(name);
      if (waiting != null && isGrantable(waiting.first(), permits, wishes)) {
        return Optional.of(waiting.first().job());
      }
      stirred.remove(name);
    }
    return Optional.empty();
  }

  private boolean isGrantable(
      Place place, ToIntFunction<String> permits, Function<JobId, List<LockWish>> wishes) {
    for (LockWish wish : wishes.apply(place.job())) {
      TreeSet<Place> waiting = waiters.get(wish.name());
      boolean first = waiting != null && waiting.first().equals(place);
      if (!first || taken(wish.name()) + wish.permits() > permits.applyAsInt(wish.name())) {
        return false;
      }
    }
    return true;
  }

  private int taken(String name) {
    return holders.getOrDefault(name, Map.of()).values().stream().mapToInt(n -> n).sum();
  }
}
