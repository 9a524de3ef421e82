package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Queued;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.Job.Waiting;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.WaitReason;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of a cell: its living jobs, its controls, its fleet, its counters. Queue, locks, timers
 * and holdings follow from the jobs, so {@link #put} and {@link #remove} are the only ways to
 * change any of them. Owned by one thread.
 */
public final class Cell {
  private final Map<JobId, Job> jobs = new TreeMap<>();
  private final ReadyQueue ready = new ReadyQueue();
  private final Fleet fleet = new Fleet();
  private final Locks locks = new Locks();
  private final Timers timers = new Timers();
  private final RunningCounts running = new RunningCounts();
  private final Controls controls = new Controls();
  private final EndedJobs ended;
  private Counters counters = Counters.START;

  public Cell(EndedJobs ended) {
    this.ended = ended;
  }

  /**
   * What the next job and the next assignment get.
   *
   * @param sequence of the next submission
   * @param token of the next assignment
   * @param submittedMs when the newest submission came, in milliseconds since 1970: later ones do
   *     not get ahead of it because a clock was set back
   */
  public record Counters(long sequence, long token, long submittedMs) {
    public static final Counters START = new Counters(1, 1, 0);

    Counters submitted(long used, Instant at) {
      return new Counters(
          Math.max(sequence, used + 1), token, Math.max(submittedMs, at.toEpochMilli()));
    }

    Counters assigned(Token used) {
      return new Counters(sequence, Math.max(token, used.value() + 1), submittedMs);
    }
  }

  public Optional<Job> find(JobId id) {
    return Optional.ofNullable(jobs.get(id));
  }

  public Optional<EndedJob> findEnded(JobId id) {
    return ended.find(id);
  }

  /** Adds a living job or replaces its former state. */
  public void put(Job job) {
    unlink(jobs.put(job.id(), job));
    switch (job.standing()) {
      case Waiting waiting -> {
        timers.add(job, waiting);
        if (waiting.what() == WaitReason.LOCKS) {
          locks.await(job);
        }
      }
      case Queued queued -> {
        ready.add(job, Lane.of(job, controls));
        locks.hold(job);
      }
      case Running run -> {
        fleet.hold(run.worker(), job);
        running.add(job);
        locks.hold(job);
      }
    }
  }

  void remove(EndedJob job) {
    unlink(jobs.remove(job.id()));
    ended.remember(job);
  }

  public Counters counters() {
    return counters;
  }

  public void restore(Counters stored) {
    counters = stored;
  }

  public Collection<Job> jobs() {
    return jobs.values();
  }

  /** Ids of jobs that wait for a slot, in the order in which they would get slots that fit all. */
  public List<JobId> queue() {
    return DispatchOrder.of(this);
  }

  public int queueLength() {
    return ready.size();
  }

  public Optional<WorkerView> findWorker(WorkerId id) {
    return fleet.find(id);
  }

  /** Restores or replaces what is known of a worker. */
  public void put(WorkerView view) {
    fleet.put(view);
  }

  public Collection<WorkerView> workers() {
    return fleet.all();
  }

  /** Restores a control, or replaces the one of the same key. */
  public void put(StandingControl control) {
    controls.put(control);
    changed(control.control().key());
  }

  void removeControl(String key) {
    controls.remove(key);
    changed(key);
  }

  public Collection<StandingControl> standingControls() {
    return controls.all();
  }

  public Optional<StandingControl> findControl(String key) {
    return controls.find(key);
  }

  /** Who holds a lock. */
  public List<JobId> holdersOf(String lock) {
    return locks.holdersOf(lock);
  }

  /** Who waits for a lock, the next to be granted it first. */
  public List<JobId> waitersFor(String lock) {
    return locks.waitersFor(lock);
  }

  /** When time alone will make the cell decide something; empty if it never will. */
  public Optional<Instant> nextDue() {
    return Stream.concat(timers.next().stream(), controls.nextOver().stream())
        .min(Instant::compareTo);
  }

  /** The next job that can be granted all its locks. */
  Optional<Job> nextToLock() {
    return locks
        .next(controls::permits, id -> find(id).orElseThrow().spec().allLocks())
        .flatMap(this::find);
  }

  Timers timers() {
    return timers;
  }

  Controls controls() {
    return controls;
  }

  RunningCounts running() {
    return running;
  }

  Fleet fleet() {
    return fleet;
  }

  ReadyQueue ready() {
    return ready;
  }

  /** What follows from a control is worked out again. */
  private void changed(String key) {
    if (key.startsWith("limit/")) {
      List<Job> queued = ready.jobs().stream().flatMap(id -> find(id).stream()).toList();
      queued.forEach(ready::remove);
      queued.forEach(job -> ready.add(job, Lane.of(job, controls)));
    }
    if (key.startsWith("permits/lock/")) {
      locks.resized(key.substring("permits/lock/".length()));
    }
  }

  private void unlink(@Nullable Job former) {
    if (former == null) {
      return;
    }
    switch (former.standing()) {
      case Waiting waiting -> {
        timers.remove(former, waiting);
        if (waiting.what() == WaitReason.LOCKS) {
          locks.giveUp(former);
        }
      }
      case Queued queued -> {
        ready.remove(former);
        locks.letGo(former);
      }
      case Running run -> {
        fleet.letGo(run.worker(), former);
        running.remove(former);
        locks.letGo(former);
      }
    }
  }
}
