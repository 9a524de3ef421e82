package dev.holdfast.coordinator.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Queued;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.Job.Waiting;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.LockWish;
import dev.holdfast.schemas.job.WaitReason;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Watches the decisions on one cell, and fails at the first that breaks a promise. */
final class CellInvariants {
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
    decision.cellEvents().forEach(event -> Evolution.apply(replica, event));
    decision.effects().forEach(this::follow);
    leasesAreThoseOfRunningJobs();
    assignmentsFitTheirSlots(decision);
    assignmentsKeepTheOrder(decision);
    nothingWaitsWhileSlotsAreFree(now);
    nothingWaitsLongerThanItMust(now);
    locksAreHeldByAsManyAsTheyHavePermits(decision);
    locksAreGrantedInOrder(decision);
    whoWaitsForLocksMustWait();
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
    List<Job> waiting = in(Queued.class);
    assertThat(cell.queue())
        .as("the queue")
        .containsExactlyInAnyOrderElementsOf(waiting.stream().map(Job::id).toList());
    for (JobEvent.Assigned event : assignments(decision)) {
      Job assigned = cell.find(event.job()).orElseThrow();
      for (Job passedOver : waiting) {
        if (lane(assigned).equals(lane(passedOver))) {
          assertThat(Place.of(assigned))
              .as("%s was assigned before %s", assigned.id(), passedOver.id())
              .isLessThan(Place.of(passedOver));
        }
      }
    }
  }

  private void nothingWaitsWhileSlotsAreFree(Instant now) {
    for (Job job : in(Queued.class)) {
      Lane lane = lane(job);
      if (!cell.controls().pauses(lane) && cell.controls().admits(lane, cell.running())) {
        assertThat(cell.fleet().best(job, lane, cell.controls(), now))
            .as("a worker with all that %s needs while it waits", job.id())
            .isEmpty();
      }
    }
  }

  private void nothingWaitsLongerThanItMust(Instant now) {
    for (Job job : in(Waiting.class)) {
      Instant until = ((Waiting) job.standing()).until();
      assertThat(until == null || until.isAfter(now)).as("%s still waits", job).isTrue();
    }
  }

  /** A lock that lost permits while they were held is over its size until they are given back. */
  private void locksAreHeldByAsManyAsTheyHavePermits(Decision decision) {
    for (JobEvent event : decision.events()) {
      if (event instanceof JobEvent.Locked locked) {
        for (LockWish wish : locked.locks()) {
          int held =
              cell.jobs().stream()
                  .filter(job -> !(job.standing() instanceof Waiting))
                  .flatMap(job -> job.spec().allLocks().stream())
                  .filter(other -> other.name().equals(wish.name()))
                  .mapToInt(LockWish::permits)
                  .sum();
          assertThat(held)
              .as("permits of %s that are held", wish.name())
              .isLessThanOrEqualTo(cell.controls().permits(wish.name()));
        }
      }
    }
  }

  private void locksAreGrantedInOrder(Decision decision) {
    for (JobEvent event : decision.events()) {
      Optional<Job> granted =
          event instanceof JobEvent.Locked ? cell.find(event.job()) : Optional.empty();
      if (granted.isPresent()) {
        for (Job waiting : awaitingLocks()) {
          if (!Collections.disjoint(names(granted.get()), names(waiting))) {
            assertThat(Place.of(granted.get()))
                .as("%s got its locks before %s", granted.get().id(), waiting.id())
                .isLessThan(Place.of(waiting));
          }
        }
      }
    }
  }

  /** Else nobody would ever wake the first of them. */
  private void whoWaitsForLocksMustWait() {
    awaitingLocks().stream()
        .min(Comparator.comparing(Place::of))
        .ifPresent(first ->
            assertThat(first.spec().allLocks())
                .as("the first of all that wait for locks, %s, lacks one", first.id())
                .anyMatch(wish -> {
                  int held =
                      cell.holdersOf(wish.name()).stream()
                          .flatMap(id -> cell.find(id).orElseThrow().spec().allLocks().stream())
                          .filter(other -> other.name().equals(wish.name()))
                          .mapToInt(LockWish::permits)
                          .sum();
                  return held + wish.permits() > cell.controls().permits(wish.name());
                }));
  }

  private List<Job> awaitingLocks() {
    return in(Waiting.class).stream()
        .filter(job -> ((Waiting) job.standing()).what() == WaitReason.LOCKS)
        .toList();
  }

  private List<Job> in(Class<? extends Job.Standing> standing) {
    return cell.jobs().stream().filter(job -> standing.isInstance(job.standing())).toList();
  }

  private Lane lane(Job job) {
    return Lane.of(job, cell.controls());
  }

  private static Set<String> names(Job job) {
    return job.spec().allLocks().stream().map(LockWish::name).collect(Collectors.toSet());
  }

  private void replayEqualsLive() {
    assertThat(replica.jobs()).as("jobs by replay").containsExactlyElementsOf(cell.jobs());
    assertThat(replica.queue()).as("queue by replay").isEqualTo(cell.queue());
    assertThat(replica.counters()).as("counters by replay").isEqualTo(cell.counters());
    assertThat(replica.standingControls())
        .as("controls by replay")
        .containsExactlyElementsOf(cell.standingControls());
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
