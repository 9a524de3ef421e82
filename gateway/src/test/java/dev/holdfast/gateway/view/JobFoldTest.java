package dev.holdfast.gateway.view;

import static dev.holdfast.gateway.JobFixtures.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.gateway.JobFixtures;
import dev.holdfast.schemas.attempt.Health;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.job.LockWish;
import dev.holdfast.schemas.job.RequeueReason;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JobFoldTest {
  /** What a running job looks like after one more event. */
  record Row(JobEvent event, JobState state, String phase, String health, String reason) {}

  private static final JobFixtures JOB = JobFixtures.job("j");

  static Stream<Row> rows() {
    return Stream.of(
        new Row(JOB.submitted(9), JobState.RUNNING, "ASSIGNED", "ON_TIME", null),
        new Row(JOB.assigned(2, 2, "w-2"), JobState.RUNNING, "ASSIGNED", "ON_TIME", null),
        new Row(JOB.taken(1), JobState.RUNNING, "ASSIGNED", "ON_TIME", null),
        new Row(JOB.entered(1, Phase.RUNNING), JobState.RUNNING, "RUNNING", "ON_TIME", null),
        new Row(
            JOB.health(1, Health.LATE),
            JobState.RUNNING,
            "ASSIGNED",
            "LATE",
            "no heartbeat for half of stale-after"),
        new Row(
            JOB.health(1, Health.STALE),
            JobState.RUNNING,
            "ASSIGNED",
            "STALE",
            "no heartbeat for stale-after"),
        new Row(JOB.health(1, Health.ON_TIME), JobState.RUNNING, "ASSIGNED", "ON_TIME", null),
        new Row(JOB.readied(), JobState.QUEUED, null, null, "waiting for a free slot"),
        new Row(
            JOB.locked(), JobState.QUEUED, null, null, "waiting for a free slot, holds the locks "),
        new Row(
            JOB.retried(1, 1, 75),
            JobState.WAITING,
            null,
            null,
            "attempt 1 exited with code 75; it is tried again at 2026-11-23T08:10:00Z"),
        new Row(JOB.adopted(1, "w-1", 2), JobState.RUNNING, "ASSIGNED", "ON_TIME", null),
        new Row(JOB.renewed(1), JobState.RUNNING, "ASSIGNED", "ON_TIME", null),
        new Row(JOB.kept(1), JobState.RUNNING, "ASSIGNED", "ON_TIME", null),
        new Row(
            JOB.requeued(1, 1, RequeueReason.LOST, "boot id differs"),
            JobState.QUEUED,
            null,
            null,
            "waiting for a free slot again: attempt 1 under token 1 was lost: boot id differs"),
        new Row(
            JOB.cancelRequested(1, "wrong branch"),
            JobState.RUNNING,
            "ASSIGNED",
            "ON_TIME",
            "cancelled by http: wrong branch"),
        new Row(JOB.ended(1, 1L, new Outcome.Exited(0)), JobState.SUCCEEDED, null, null, null),
        new Row(
            JOB.ended(1, 1L, new Outcome.Exited(3)),
            JobState.FAILED,
            null,
            null,
            "exited with code 3"),
        new Row(
            JOB.ended(1, 1L, new Outcome.Signalled(9)),
            JobState.FAILED,
            null,
            null,
            "killed by signal 9"),
        new Row(
            JOB.ended(1, 1L, new Outcome.TimedOut("run")),
            JobState.TIMED_OUT,
            null,
            null,
            "its run timeout ran out"),
        new Row(
            JOB.ended(1, 1L, new Outcome.Failed("ref-not-found", "there is no ref x")),
            JobState.FAILED,
            null,
            null,
            "there is no ref x"),
        new Row(
            JOB.ended(1, 1L, new Outcome.Cancelled(2)),
            JobState.CANCELLED,
            null,
            null,
            "cancelled by coordinator; 2 processes had to be killed"),
        new Row(
            JOB.rejected("submit", "job-conflict", "r"),
            JobState.RUNNING,
            "ASSIGNED",
            "ON_TIME",
            null),
        new Row(JOB.refused(1), JobState.RUNNING, "ASSIGNED", "ON_TIME", null));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void foldsEachEvent(Row row) {
    JobView running = fold(JOB.submitted(1), JOB.assigned(1, 1, "w-1"));

    JobView next = JobFold.evolve(running, row.event());

    assertThat(next.state()).isEqualTo(row.state());
    assertThat(next.status().phase())
        .isEqualTo(row.phase() == null ? null : Phase.valueOf(row.phase()));
    assertThat(next.status().health())
        .isEqualTo(row.health() == null ? null : Health.valueOf(row.health()));
    assertThat(next.status().reason()).isEqualTo(row.reason());
    assertThat(next.end() != null).isEqualTo(row.state().terminal());
  }

  @Test
  void tableHasEveryEvent() {
    Set<Class<?>> told = rows().map(row -> row.event().getClass()).collect(Collectors.toSet());

    assertThat(told).containsExactlyInAnyOrder(JobEvent.class.getPermittedSubclasses());
  }

  @Test
  void waitsForItsEarliestStartThenForItsLocks() {
    JobFixtures waiting = JobFixtures.job("w");
    JobView job =
        fold(
            waiting.submitted(
                1,
                JobFixtures.spec(
                    "{\"command\":[\"true\"],\"locks\":[{\"name\":\"staging\"}],"
                        + "\"scheduling\":{\"notBefore\":\"2026-11-24T00:00:00Z\"}}")));

    JobView ready = JobFold.evolve(job, waiting.readied());
    JobView locked = JobFold.evolve(ready, waiting.locked(new LockWish("staging", 1)));

    assertThat(job.status().reason()).isEqualTo("not to start before 2026-11-24T00:00:00Z");
    assertThat(ready.state()).isEqualTo(JobState.WAITING);
    assertThat(ready.status().reason()).isEqualTo("waits for the lock staging");
    assertThat(locked.state()).isEqualTo(JobState.QUEUED);
    assertThat(locked.status().reason())
        .isEqualTo("waiting for a free slot, holds the lock staging");
  }

  @Test
  void waitsAfterSubmission() {
    JobView job = fold(JobFixtures.job("j").submitted(7));

    assertThat(job.state()).isEqualTo(JobState.QUEUED);
    assertThat(job.sequence()).isEqualTo(7);
    assertThat(job.priority()).isEqualTo(5);
    assertThat(job.submittedAt()).isEqualTo(START);
    assertThat(job.newest()).isEmpty();
    assertThat(job.status().reason()).isEqualTo("waiting for a free slot");
  }

  @Test
  void keepsTheHistoryOfAttempts() {
    JobFixtures job = JobFixtures.job("j");

    JobView view =
        fold(
            job.submitted(1),
            job.assigned(1, 11, "w-1"),
            job.taken(11),
            job.requeued(1, 11, RequeueReason.STALE, ""),
            job.assigned(2, 12, "w-2"),
            job.requeued(2, 12, RequeueReason.RELEASED, "no disk"),
            job.assigned(2, 13, "w-3"),
            job.taken(13),
            job.adopted(13, "w-3", 5),
            job.ended(2, 13L, new Outcome.Exited(0)));

    assertThat(view.attempts())
        .extracting(JobView.Attempt::attempt, a -> a.token().value(), JobView.Attempt::ended)
        .containsExactly(
            tuple(1, 11L, "stale"),
            tuple(2, 12L, "released: no disk"),
            tuple(2, 13L, "exited with code 0"));
    assertThat(view.lostAttempts()).isEqualTo(1);
    assertThat(view.attempt(2).orElseThrow().token().value()).isEqualTo(13);
    assertThat(view.attempt(2).orElseThrow().incarnation()).isEqualTo(5);
    assertThat(view.attempts().getFirst().startedAt()).isEqualTo(START.plusSeconds(2));
    assertThat(view.attempts().getFirst().endedAt()).isEqualTo(START.plusSeconds(3));
  }

  @Test
  void tellsWhoCancelled() {
    JobFixtures job = JobFixtures.job("j");

    JobView view =
        fold(
            job.submitted(1),
            job.assigned(1, 1, "w-1"),
            job.cancelRequested(1, "changed my mind"),
            job.health(1, Health.LATE),
            job.ended(1, 1L, new Outcome.Cancelled(0)));

    assertThat(view.status().reason()).isEqualTo("cancelled by http: changed my mind");
    assertThat(view.end().exitCode()).isNull();
  }

  @Test
  void tellsThatACancelledJobEndedWithoutAWordOfItsWorker() {
    JobFixtures job = JobFixtures.job("j");
    String silence = "worker w-1 gave no heartbeat for PT2M, so the job ends without its word";
    var ended =
        new JobEvent.Ended(
            new JobId("j"),
            START,
            new Cause("monitor", silence),
            JobState.CANCELLED,
            1,
            new Token(1),
            new Outcome.Cancelled(0),
            null,
            null);

    JobView view =
        fold(
            job.submitted(1),
            job.assigned(1, 1, "w-1"),
            job.cancelRequested(1, "changed my mind"),
            ended);

    assertThat(view.status().reason()).isEqualTo("cancelled by http: changed my mind; " + silence);
  }

  @Test
  void countsTheAttemptThatWasLostOnceTooOften() {
    JobFixtures job = JobFixtures.job("j");

    JobView view =
        fold(
            job.submitted(1),
            job.assigned(1, 1, "w-1"),
            job.requeued(1, 1, RequeueReason.LOST, ""),
            job.assigned(2, 2, "w-1"),
            job.ended(2, 2L, new Outcome.Failed("lost-too-often", "lost 2 times")));

    assertThat(view.lostAttempts()).isEqualTo(2);
  }

  @Test
  void doesNotGrowWithoutEnd() {
    JobFixtures job = JobFixtures.job("j");
    JobView view = JobFold.submitted(job.submitted(1));

    for (int token = 1; token <= 3 * JobFold.MOST_ATTEMPTS; token++) {
      view = JobFold.evolve(view, job.assigned(1, token, "w-1"));
      view = JobFold.evolve(view, job.requeued(1, token, RequeueReason.RELEASED, ""));
    }

    assertThat(view.attempts()).hasSize(JobFold.MOST_ATTEMPTS);
    assertThat(view.newest().orElseThrow().token().value()).isEqualTo(3L * JobFold.MOST_ATTEMPTS);
  }

  private static JobView fold(JobEvent.Submitted first, JobEvent... rest) {
    JobView job = JobFold.submitted(first);
    for (JobEvent event : List.of(rest)) {
      job = JobFold.evolve(job, event);
    }
    return job;
  }
}
