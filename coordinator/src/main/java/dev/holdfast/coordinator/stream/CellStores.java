package dev.holdfast.coordinator.stream;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.coordinator.cell.Decision;
import dev.holdfast.coordinator.cell.EndedJob;
import dev.holdfast.coordinator.cell.EndedJobs;
import dev.holdfast.coordinator.cell.StandingControl;
import dev.holdfast.coordinator.cell.WorkerView;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.codec.JsonSerde;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * A cell's state in the task's stores. The cell itself lives in memory and is rebuilt from them;
 * what a decision changed is written back after it, so a decision that failed half way has changed
 * nothing here.
 */
final class CellStores implements EndedJobs {
  private static final JsonSerde<WorkerView> VIEW = JsonSerde.lenient(WorkerView.class);
  private static final JsonSerde<Cell.Counters> COUNTERS = JsonSerde.lenient(Cell.Counters.class);
  private static final JsonSerde<EndedJob> ENDED = JsonSerde.lenient(EndedJob.class);
  private static final JsonSerde<StandingControl> CONTROL =
      JsonSerde.lenient(StandingControl.class);
  private static final String COUNTERS_KEY = "counters";

  private final KeyValueStore<String, byte[]> living;
  private final KeyValueStore<String, byte[]> workers;
  private final KeyValueStore<String, byte[]> counters;
  private final KeyValueStore<String, byte[]> controls;
  private final WindowStore<String, byte[]> ended;

  /** Jobs that the decision being made has ended; written with the rest of it. */
  private final Map<JobId, EndedJob> ending = new HashMap<>();

  private long nowMs;

  CellStores(
      KeyValueStore<String, byte[]> living,
      KeyValueStore<String, byte[]> workers,
      KeyValueStore<String, byte[]> counters,
      KeyValueStore<String, byte[]> controls,
      WindowStore<String, byte[]> ended) {
    this.living = living;
    this.workers = workers;
    this.counters = counters;
    this.controls = controls;
    this.ended = ended;
  }

  /** The instant that jobs ending from now on are remembered under. */
  void at(long instantMs) {
    nowMs = instantMs;
  }

  /** The cell as it was after the newest decision that was saved. */
  Cell restore() {
    ending.clear();
    var cell = new Cell(this);
    try (var all = controls.all()) {
      all.forEachRemaining(entry -> cell.put(CONTROL.read(entry.value)));
    }
    try (var jobs = living.all()) {
      jobs.forEachRemaining(entry -> cell.put(Serdes.JOB.read(entry.value)));
    }
    try (var views = workers.all()) {
      views.forEachRemaining(entry -> cell.put(VIEW.read(entry.value)));
    }
    byte[] stored = counters.get(COUNTERS_KEY);
    if (stored != null) {
      cell.restore(COUNTERS.read(stored));
    }
    return cell;
  }

  /**
   * What a decision changed, as bytes.
   *
   * @param worker whose view it may have changed
   * @throws DoesNotFit if a job or a view has become too large
   */
  List<Change> changes(
      Cell cell, Cell.Counters before, Decision decision, Optional<WorkerId> worker) {
    var changes = new ArrayList<Change>();
    for (JobId id :
        decision.events().stream().map(JobEvent::job).collect(Collectors.toUnmodifiableSet())) {
      byte[] job = cell.find(id).map(Serdes.JOB::write).orElse(null);
      changes.add(new Change(living, id.value(), job));
    }
    for (CellEvent event : decision.cellEvents()) {
      control(event)
          .ifPresent(key ->
              changes.add(
                  new Change(
                      controls, key, cell.findControl(key).map(CONTROL::write).orElse(null))));
    }
    worker
        .flatMap(cell::findWorker)
        .ifPresent(view -> changes.add(new Change(workers, view.id().value(), VIEW.write(view))));
    if (!cell.counters().equals(before)) {
      changes.add(new Change(counters, COUNTERS_KEY, COUNTERS.write(cell.counters())));
    }
    return changes;
  }

  /** The key of the control that a fact is about. */
  private static Optional<String> control(CellEvent event) {
    return switch (event) {
      case CellEvent.ControlSet set -> Optional.of(set.control().key());
      case CellEvent.ControlRemoved removed -> Optional.of(removed.control());
      case CellEvent.LockReleased released -> Optional.empty();
      case CellEvent.CellCommandRejected rejected -> Optional.empty();
    };
  }

  /** Writes back what the newest decision changed. */
  void save(List<Change> changes) {
    ending.forEach((id, job) -> ended.put(id.value(), ENDED.write(job), nowMs));
    ending.clear();
    changes.forEach(Change::write);
  }

  @Override
  public Optional<EndedJob> find(JobId id) {
    if (ending.containsKey(id)) {
      return Optional.of(ending.get(id));
    }
    long from = nowMs - CellTopology.REMEMBERED.toMillis();
    try (var found = ended.backwardFetch(id.value(), Math.max(0, from), Long.MAX_VALUE)) {
      return found.hasNext() ? Optional.of(ENDED.read(found.next().value)) : Optional.empty();
    }
  }

  @Override
  public void remember(EndedJob job) {
    ending.put(job.id(), job);
  }

  /**
   * One entry of a store to be written.
   *
   * @param value null to remove it
   */
  record Change(KeyValueStore<String, byte[]> store, String key, byte @Nullable [] value) {
    Change {
      if (value != null) {
        DoesNotFit.checked(key + " in " + store.name(), value);
      }
    }

    /** A refusal can name a job that was never known; there is nothing to remove then. */
    private void write() {
      if (value != null) {
        store.put(key, value);
      } else if (store.get(key) != null) {
        store.delete(key);
      }
    }
  }
}
