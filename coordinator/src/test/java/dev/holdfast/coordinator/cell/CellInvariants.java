package dev.holdfast.coordinator.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Queued;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Watches the decisions on one cell, and fails at the first that breaks a promise. */
final class CellInvariants {
  private static final Comparator<Job> QUEUE_ORDER =
      Comparator.<Job>comparingInt(job -> -job.spec().priority()).thenComparingLong(Job::sequence);

  private final Cell cell;

  /** Built from the events alone. */
  private final Cell replica;

  private final EndedJobs replicaEnded = EndedJobs.inMemory();
  private final Map<JobId, LeaseRecord.Opened> ledger = new TreeMap<>();
  private final Map<JobId, Integer> attempts = new HashMap<>();
  private final Set<JobId> ended = new HashSet<>();
  private long newestToken;

  CellInvariants(Cell cell) {
    this.cell = cell;
    this.replica = new Cell(replicaEnded);
  }

  void check(Decision decision, Instant now) {
    decision.events().forEach(this::checkEvent);
    decision.effects().forEach(this::follow);
    leasesAreThoseOfRunningJobs();
    assignmentsFitTheirSlots(decision);
    assignmentsKeepTheOrder(decision);
    nothingWaitsWhileSlotsAreFree(now);
    replayEqualsLive();
  }

  private void checkEvent(JobEvent event) {
    boolean changesNothing =
        event instanceof JobEvent.CommandRejected || event instanceof JobEvent.ReportRefused;
    assertThat(changesNothing || !ended.contains(event.job()))
        .as("a terminal state is never left, yet: %s", event)
        .isTrue();
    if (event instanceof JobEvent.Assigned assigned) {
      assertThat(assigned.token().value())
          .as("tokens grow with every assignment")
          .isGreaterThan(newestToken);
      newestToken = assigned.token().value();
      int before = attempts.getOrDefault(event.job(), 0);
      assertThat(assigned.attempt()).as("attempts of %s", event.job()).isBetween(1, before + 1);
      attempts.put(event.job(), assigned.attempt());
    }
    if (event instanceof JobEvent.Ended) {
      ended.add(event.job());
    }
    Evolution.apply(replica, event);
  }

  /** A lease may be stated again as it is, and closed again: the ledger's readers can be behind. */
  private void follow(Effect effect) {
    switch (effect) {
      case Effect.OpenLease(JobId job, LeaseRecord.Opened lease) -> {
        LeaseRecord.Opened open = ledger.put(job, lease);
        if (open != null) {
          assertThat(lease.token()).as("a second live lease of %s", job).isEqualTo(open.token());
          assertThat(lease.leaseSequence() - open.leaseSequence())
              .as("steps from %s to %s", open, lease)
              .isBetween(0L, 1L);
        }
      }
      case Effect.CloseLease(JobId job) -> ledger.remove(job);
      case Effect.SendOrder order -> {}
    }
  }

  private void leasesAreThoseOfRunningJobs() {
    record Lease(Token token, long sequence, WorkerId worker) {}
    Map<JobId, Lease> open = new TreeMap<>();
    ledger.forEach((job, lease) ->
        open.put(job, new Lease(lease.token(), lease.leaseSequence(), lease.worker())));
    Map<JobId, Lease> running = new TreeMap<>();
    for (Job job : cell.jobs()) {
      if (job.standing() instanceof Running run) {
        running.put(job.id(), new Lease(run.token(), run.leaseSequence(), run.worker()));
      }
    }
    assertThat(open).as("open leases").isEqualTo(running);
  }

  private void assignmentsFitTheirSlots(Decision decision) {
    for (JobEvent.Assigned assigned : assignments(decision)) {
      WorkerView worker = cell.findWorker(assigned.worker()).orElseThrow();
      long held =
          cell.jobs().stream()
              .filter(job ->
                  job.standing() instanceof Running run && run.worker().equals(assigned.worker()))
              .count();
      assertThat(held)
          .as("attempts held by %s", assigned.worker())
          .isLessThanOrEqualTo(Objects.requireNonNull(worker.presence()).slots());
      assertThat(assigned.incarnation()).isEqualTo(worker.incarnation());
    }
  }

  /** Assigning is the last thing that a decision does, so what waits after it also waited then. */
  private void assignmentsKeepTheOrder(Decision decision) {
    List<Job> assigned =
        assignments(decision).stream().map(event -> cell.find(event.job()).orElseThrow()).toList();
    List<Job> waiting =
        cell.jobs().stream()
            .filter(job -> job.standing() instanceof Queued)
            .sorted(QUEUE_ORDER)
            .toList();
    assertThat(cell.queue()).as("the queue").isEqualTo(waiting.stream().map(Job::id).toList());
    for (Need need : Need.values()) {
      List<Job> served = assigned.stream().filter(job -> Need.of(job.spec()) == need).toList();
      assertThat(served).as("jobs assigned at once").isSortedAccordingTo(QUEUE_ORDER);
      for (Job passedOver : waiting) {
        if (!served.isEmpty() && Need.of(passedOver.spec()) == need) {
          assertThat(QUEUE_ORDER.compare(served.getLast(), passedOver))
              .as("%s was assigned before %s", served.getLast().id(), passedOver.id())
              .isNegative();
        }
      }
    }
  }

  private void nothingWaitsWhileSlotsAreFree(Instant now) {
    cell.queue()
        .map(id -> Need.of(cell.find(id).orElseThrow().spec()))
        .distinct()
        .forEach(need ->
            assertThat(cell.fleet().mostFree(need, now))
                .as("a worker with a free slot while a job waits that needs " + need)
                .isEmpty());
  }

  private void replayEqualsLive() {
    assertThat(replica.jobs()).as("jobs by replay").containsExactlyElementsOf(cell.jobs());
    assertThat(replica.queue()).as("queue by replay").isEqualTo(cell.queue().toList());
    assertThat(replica.counters()).as("counters by replay").isEqualTo(cell.counters());
    for (JobId job : ended) {
      assertThat(replica.findEnded(job)).as("ended by replay").isEqualTo(cell.findEnded(job));
    }
  }

  private static List<JobEvent.Assigned> assignments(Decision decision) {
    return decision.events().stream()
        .filter(JobEvent.Assigned.class::isInstance)
        .map(JobEvent.Assigned.class::cast)
        .toList();
  }
}
