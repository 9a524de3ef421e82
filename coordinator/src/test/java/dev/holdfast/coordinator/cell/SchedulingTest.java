package dev.holdfast.coordinator.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Scheduling;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets a slot, where, and who has to wait. */
class SchedulingTest {
  private static final WorkerId WORKER = JobFixtures.worker("worker-1");
  private static final WorkerId OTHER = JobFixtures.worker("worker-2");

  private final CellMachine machine = new CellMachine(JobFixtures.RULES);
  private final Cell cell = new Cell(EndedJobs.inMemory());
  private Instant now = JobFixtures.START;
  private long presences;
  private int jobs;

  @BeforeEach
  void startWorkers() {
    give(JobFixtures.started(WORKER, JobFixtures.INCARNATION));
    give(JobFixtures.started(OTHER, JobFixtures.INCARNATION));
  }

  private Decision give(CellInput input) {
    return machine.decide(cell, input, now);
  }

  private JobId submit(JobSpec spec) {
    JobId job = JobFixtures.job("job-" + ++jobs);
    give(JobFixtures.submit(job, spec));
    return job;
  }

  private JobId submitFor(String owner) {
    return submit(
        JobFixtures.scheduled(5, JobFixtures.scheduling(owner, null, null), List.of(), null, null));
  }

  private void offer(WorkerId worker, int slots) {
    give(JobFixtures.presence(worker, ++presences, slots));
  }

  private void offer(
      WorkerId worker, int slots, String pool, Map<String, String> labels, double cpus) {
    Presence plain = JobFixtures.presence(worker, ++presences, slots).presence();
    give(
        new CellInput.OfPresence(
            new Presence(
                plain.worker(),
                plain.incarnation(),
                plain.sequence(),
                plain.slots(),
                plain.running(),
                plain.draining(),
                plain.host(),
                plain.pid(),
                plain.startedAt(),
                plain.intervalMs(),
                false,
                List.of(),
                null,
                List.of(pool),
                new TreeMap<>(labels),
                cpus,
                null,
                List.of())));
  }

  private List<JobId> running() {
    return cell.jobs().stream()
        .filter(job -> job.standing() instanceof Running)
        .map(Job::id)
        .toList();
  }

  private WorkerId workerOf(JobId job) {
    return ((Running) cell.find(job).orElseThrow().standing()).worker();
  }

  private Token tokenOf(JobId job) {
    return ((Running) cell.find(job).orElseThrow().standing()).token();
  }

  @Test
  void ownersTakeTurnsHoweverLongTheQueueOfOneIs() {
    List<JobId> many = List.of(submitFor("a"), submitFor("a"), submitFor("a"), submitFor("a"));
    List<JobId> few = List.of(submitFor("b"), submitFor("b"));

    assertThat(cell.queue())
        .containsExactly(
            many.get(0), few.get(0), many.get(1), few.get(1), many.get(2), many.get(3));
    offer(WORKER, 4);

    assertThat(running())
        .containsExactlyInAnyOrder(many.get(0), few.get(0), many.get(1), few.get(1));
  }

  @Test
  void aWeightIsALargerShare() {
    give(JobFixtures.set(new Control.Weight("a", 3)));
    for (int i = 0; i < 6; i++) {
      submitFor("a");
      submitFor("b");
    }

    offer(WORKER, 8);

    long ofA =
        running().stream().filter(id -> cell.find(id).orElseThrow().owner().equals("a")).count();
    assertThat(ofA).isEqualTo(6);
  }

  @Test
  void waitingCountsAsPriority() {
    JobId old = submit(JobFixtures.spec(4));
    now = now.plus(Duration.ofMinutes(11));
    JobId urgent = submit(JobFixtures.spec(5));
    JobId mostUrgent = submit(JobFixtures.spec(6));

    assertThat(cell.queue()).containsExactly(mostUrgent, old, urgent);
  }

  @Test
  void aClockThatIsSetBackOvertakesNobody() {
    JobId first = submit(JobFixtures.spec(5));
    now = now.minus(Duration.ofHours(3));
    JobId second = submit(JobFixtures.spec(5));

    assertThat(cell.queue()).containsExactly(first, second);
  }

  @Test
  void aLimitHoldsBackOnlyWhomItIsAbout() {
    give(JobFixtures.set(new Control.Limit(Control.LimitScope.OWNER, "a", 1)));
    submitFor("a");
    JobId held = submitFor("a");
    submitFor("b");
    submitFor("b");

    offer(WORKER, 4);
    assertThat(running()).hasSize(3).doesNotContain(held);
    give(JobFixtures.remove("limit/owner/a"));

    assertThat(running()).contains(held);
  }

  @Test
  void aPausedPoolWaitsAndOthersDoNot() {
    give(JobFixtures.set(new Control.Pause(Control.PauseScope.POOL, "default", null)));
    JobId paused = submit(JobFixtures.spec(5));
    JobId other =
        submit(
            JobFixtures.scheduled(
                5, JobFixtures.scheduling(null, "gpu", null), List.of(), null, null));

    offer(WORKER, 1, "gpu", Map.of(), 1);
    offer(OTHER, 1);
    assertThat(running()).containsExactly(other);
    give(JobFixtures.remove("pause/pool/default"));

    assertThat(workerOf(paused)).isEqualTo(OTHER);
  }

  @Test
  void aPauseEndsByItself() {
    Instant until = now.plusSeconds(1);
    give(JobFixtures.set(new Control.Pause(Control.PauseScope.OWNER, "test", until)));
    JobId job = submit(JobFixtures.spec(5));
    offer(WORKER, 1);
    assertThat(running()).isEmpty();
    assertThat(cell.nextDue()).contains(until);

    now = until;
    give(new CellInput.TimePassed());

    assertThat(running()).containsExactly(job);
    assertThat(cell.standingControls()).isEmpty();
  }

  @Test
  void aDrainedWorkerFinishesWhatItHolds() {
    offer(WORKER, 2);
    JobId first = submit(JobFixtures.spec(5));
    give(JobFixtures.set(new Control.Drain(WORKER)));
    JobId second = submit(JobFixtures.spec(5));

    assertThat(running()).containsExactly(first);
    give(JobFixtures.remove(new Control.Drain(WORKER).key()));

    assertThat(running()).containsExactlyInAnyOrder(first, second);
  }

  @Test
  void labelsAndResourcesAreMatched() {
    var scheduling =
        new Scheduling(
            null,
            null,
            new TreeMap<>(Map.of("zone", "north")),
            new Scheduling.ResourceRequest(1.5, null),
            null,
            null);
    JobSpec spec = JobFixtures.scheduled(5, scheduling, List.of(), null, null);
    JobId first = submit(spec);
    JobId second = submit(spec);

    offer(WORKER, 4, "default", Map.of("zone", "south"), 8);
    assertThat(running()).isEmpty();
    offer(OTHER, 4, "default", Map.of("zone", "north"), 2);

    assertThat(running()).containsExactly(first);
    assertThat(workerOf(first)).isEqualTo(OTHER);
    assertThat(cell.queue()).containsExactly(second);
  }

  @Test
  void aJobIsNotGivenBackToWhereItWasLost() {
    JobId job = submit(JobFixtures.spec(5));
    offer(WORKER, 1);
    offer(OTHER, 1);
    assertThat(workerOf(job)).isEqualTo(WORKER);

    give(JobFixtures.lost(WORKER, job, tokenOf(job)));

    assertThat(workerOf(job)).isEqualTo(OTHER);
    assertThat(cell.find(job).orElseThrow().losses())
        .extracting(Job.Loss::worker)
        .containsExactly(WORKER);
  }

  @Test
  void isParkedWithTheEvidenceOfAllItsLosses() {
    JobId job = submit(JobFixtures.spec(5));
    offer(WORKER, 1);
    offer(OTHER, 1);
    give(JobFixtures.lost(WORKER, job, tokenOf(job)));

    Decision parked = give(JobFixtures.lost(OTHER, job, tokenOf(job)));

    assertThat(parked.events()).singleElement().isInstanceOf(JobEvent.Ended.class);
    assertThat(((JobEvent.Ended) parked.events().getFirst()).outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.message())
                    .contains("attempt 1 on worker-1: ", "attempt 2 on worker-2: "));
  }
}
