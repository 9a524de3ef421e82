package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Queued;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of a cell: its living jobs, its ready queue, its fleet, its counters. Queue and
 * holdings follow from the jobs, so {@link #put} and {@link #remove} are the only ways to change
 * any of them. Owned by one thread.
 */
public final class Cell {
  private final Map<JobId, Job> jobs = new TreeMap<>();
  private final ReadyQueue ready = new ReadyQueue();
  private final Fleet fleet = new Fleet();
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
   */
  public record Counters(long sequence, long token) {
    public static final Counters START = new Counters(1, 1);

    Counters submitted(long used) {
      return new Counters(Math.max(sequence, used + 1), token);
    }

    Counters assigned(Token used) {
      return new Counters(sequence, Math.max(token, used.value() + 1));
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
      case Queued queued -> ready.add(job);
      case Running running -> fleet.hold(running.worker(), job.id());
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

  /** Ids of waiting jobs, the next to be assigned first. */
  public Stream<JobId> queue() {
    return ready.inOrder();
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

  Fleet fleet() {
    return fleet;
  }

  ReadyQueue ready() {
    return ready;
  }

  private void unlink(@Nullable Job former) {
    if (former == null) {
      return;
    }
    switch (former.standing()) {
      case Queued queued -> ready.remove(former);
      case Running running -> fleet.letGo(running.worker(), former.id());
    }
  }
}
