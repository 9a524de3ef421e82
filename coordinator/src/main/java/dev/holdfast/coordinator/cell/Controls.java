package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.cell.Control.PauseScope;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What operators have decided about the cell, and the pauses of accounts at their limit. */
final class Controls {
  private final TreeMap<String, StandingControl> standing = new TreeMap<>();

  void put(StandingControl control) {
    standing.put(control.control().key(), control);
  }

  void remove(String key) {
    standing.remove(key);
  }

  Optional<StandingControl> find(String key) {
    return Optional.ofNullable(standing.get(key));
  }

  Collection<StandingControl> all() {
    return standing.values();
  }

  /** Whether no job of the lane may be assigned, whatever is free. */
  boolean pauses(Lane lane) {
    return isPaused(PauseScope.POOL, lane.pool())
        || isPaused(PauseScope.OWNER, lane.owner())
        || (lane.account() != null && isPaused(PauseScope.ACCOUNT, lane.account()));
  }

  boolean isLimited(String key) {
    return standing.containsKey(key);
  }

  /** Whether every limit of the lane has room for one more. */
  boolean admits(Lane lane, RunningCounts running) {
    return lane.limits().stream()
        .allMatch(key ->
            find(key)
                .map(limit -> running.of(key) < ((Control.Limit) limit.control()).running())
                .orElse(true));
  }

  int weight(String owner) {
    return find("weight/owner/" + owner)
        .map(found -> ((Control.Weight) found.control()).weight())
        .orElse(1);
  }

  boolean drains(WorkerId worker) {
    return standing.containsKey(new Control.Drain(worker).key());
  }

  int permits(String lock) {
    return find("permits/lock/" + lock)
        .map(found -> ((Control.Permits) found.control()).permits())
        .orElse(1);
  }

  /** Pauses that have ended by themselves at an instant. */
  List<Control.Pause> over(Instant now) {
    return pauses().filter(pause -> pause.until() != null && !now.isBefore(pause.until())).toList();
  }

  /** When the next pause ends by itself; empty if none does. */
  Optional<Instant> nextOver() {
    return pauses().flatMap(pause -> Stream.ofNullable(pause.until())).min(Instant::compareTo);
  }

  private boolean isPaused(PauseScope scope, String name) {
    return standing.containsKey(Control.Pause.keyOf(scope, name));
  }

  private Stream<Control.Pause> pauses() {
    return standing.subMap("pause/", "pause0").values().stream()
        .map(found -> (Control.Pause) found.control());
  }
}
