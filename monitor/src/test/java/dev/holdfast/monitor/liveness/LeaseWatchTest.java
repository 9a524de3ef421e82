package dev.holdfast.monitor.liveness;

import static dev.holdfast.monitor.liveness.LeaseFixtures.TICK;
import static dev.holdfast.monitor.liveness.LeaseFixtures.heartbeat;
import static dev.holdfast.monitor.liveness.LeaseFixtures.job;
import static dev.holdfast.monitor.liveness.LeaseFixtures.opened;
import static dev.holdfast.monitor.liveness.LeaseFixtures.tickFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobCommand.FlagLate;
import dev.holdfast.schemas.job.JobCommand.FlagOnTime;
import dev.holdfast.schemas.job.JobCommand.FlagStale;
import dev.holdfast.schemas.job.JobCommand.RequeueStale;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaseWatchTest {
  private static final JobId JOB = job(1);
  private static final Token TOKEN = new Token(4);

  private final LeaseWatch watch = new LeaseWatch(new InMemoryLeaseTable(), TICK);

  @BeforeEach
  void startTheClock() {
    watch.ticked(new Tick(1, 0));
  }

  @Test
  void flagsLateAtHalfOfStaleAfter() {
    watch.opened(JOB, opened(4, 0));

    assertThat(proposalsWithin("PT55S")).isEmpty();
    assertThat(proposalsWithin("PT5S")).containsExactly(new FlagLate(JOB, TOKEN, 0));
    assertThat(watch.count(Stage.LATE)).isEqualTo(1);
  }

  @Test
  void flagsStaleAndProposesRequeueAtStaleAfter() {
    watch.opened(JOB, opened(4, 0));
    proposalsWithin("PT60S");

    assertThat(proposalsWithin("PT55S")).isEmpty();
    assertThat(proposalsWithin("PT5S"))
        .containsExactly(new FlagStale(JOB, TOKEN, 0), new RequeueStale(JOB, TOKEN, 0));
  }

  @Test
  void proposesRequeueAgainEveryQuarterOfStaleAfterWhileTheLeaseStaysOpen() {
    watch.opened(JOB, opened(4, 0));
    proposalsWithin("PT120S");

    assertThat(proposalsWithin("PT25S")).isEmpty();
    assertThat(proposalsWithin("PT5S")).containsExactly(new RequeueStale(JOB, TOKEN, 0));
    assertThat(proposalsWithin("PT300S")).hasSize(10).hasOnlyElementsOfType(RequeueStale.class);

    watch.closed(JOB);

    assertThat(proposalsWithin("PT300S")).isEmpty();
    assertThat(watch.open()).isZero();
  }

  @Test
  void countsFromTheNewestBeat() {
    watch.opened(JOB, opened(4, 0));
    for (int beat = 0; beat < 20; beat++) {
      assertThat(proposalsWithin("PT30S")).isEmpty();
      watch.beat(JOB, heartbeat(4));
    }

    assertThat(proposalsWithin("PT55S")).isEmpty();
    assertThat(proposalsWithin("PT5S")).containsExactly(new FlagLate(JOB, TOKEN, 0));
  }

  @Test
  void takesTheFlagAwayWhenALateLeaseBeats() {
    watch.opened(JOB, opened(4, 0));
    proposalsWithin("PT90S");

    assertThat(watch.beat(JOB, heartbeat(4))).contains(new FlagOnTime(JOB, TOKEN, 0));
    assertThat(watch.beat(JOB, heartbeat(4))).isEmpty();
    assertThat(proposalsWithin("PT55S")).isEmpty();
    assertThat(proposalsWithin("PT5S")).containsExactly(new FlagLate(JOB, TOKEN, 0));
  }

  @Test
  void takesTheFlagAwayWhenAStaleLeaseBeats() {
    watch.opened(JOB, opened(4, 0));
    proposalsWithin("PT130S");

    assertThat(watch.beat(JOB, heartbeat(4))).contains(new FlagOnTime(JOB, TOKEN, 0));
    assertThat(watch.count(Stage.ON_TIME)).isEqualTo(1);
    assertThat(proposalsWithin("PT55S")).isEmpty();
  }

  @Test
  void ignoresBeatsUnderAnOlderToken() {
    watch.opened(JOB, opened(4, 0));
    proposalsWithin("PT115S");

    assertThat(watch.beat(JOB, heartbeat(3))).isEmpty();

    assertThat(watch.open()).isEqualTo(1);
    assertThat(proposalsWithin("PT5S")).contains(new RequeueStale(JOB, TOKEN, 0));
  }

  /** The record that opened the lease may have been compacted away while nobody watched. */
  @Test
  void opensALeaseFromABeatThatItNeverSawOpened() {
    watch.opened(JOB, opened(3, 7));
    proposalsWithin("PT115S");

    assertThat(watch.beat(JOB, heartbeat(4))).isEmpty();
    assertThat(watch.beat(job(2), heartbeat(9))).isEmpty();

    assertThat(watch.open()).isEqualTo(2);
    assertThat(proposalsWithin("PT115S")).noneMatch(RequeueStale.class::isInstance);
    assertThat(proposalsWithin("PT5S"))
        .contains(
            new RequeueStale(JOB, new Token(4), 0), new RequeueStale(job(2), new Token(9), 0));
  }

  @Test
  void ignoresAnOpeningThatIsNotNewer() {
    watch.opened(JOB, opened(4, 2));
    proposalsWithin("PT115S");

    watch.opened(JOB, opened(4, 2));
    watch.opened(JOB, opened(4, 1));
    watch.opened(JOB, opened(3, 9));

    assertThat(proposalsWithin("PT5S")).contains(new RequeueStale(JOB, TOKEN, 2));
  }

  @Test
  void startsOverWhenTheLeaseIsRenewedOrTheJobAssignedAnew() {
    watch.opened(JOB, opened(4, 0));
    proposalsWithin("PT130S");

    watch.opened(JOB, opened(4, 1));
    assertThat(proposalsWithin("PT60S")).containsExactly(new FlagLate(JOB, TOKEN, 1));

    watch.opened(JOB, opened(9, 0));
    assertThat(proposalsWithin("PT60S")).containsExactly(new FlagLate(JOB, new Token(9), 0));
    assertThat(watch.open()).isEqualTo(1);
  }

  @Test
  void ignoresTicksOfAnOlderIncarnation() {
    watch.opened(JOB, opened(4, 0));
    watch.ticked(new Tick(2, 0));

    for (int tick = 0; tick < 100; tick++) {
      assertThat(watch.ticked(new Tick(1, 5_000)).proposals()).isEmpty();
    }

    assertThat(watch.clock()).isEqualTo(new LogClock(2, 0));
  }

  @Test
  void leavesWhatExceedsTheMostPerTickToTheNext() {
    int jobs = LeaseWatch.MOST_DUE_PER_TICK + 7;
    IntStream.range(0, jobs).forEach(number -> watch.opened(job(number), opened(4, 0)));
    proposalsWithin("PT55S");

    List<JobCommand> first = proposalsWithin("PT5S");
    List<JobCommand> second = proposalsWithin("PT5S");

    assertThat(first).hasSize(LeaseWatch.MOST_DUE_PER_TICK);
    assertThat(second).hasSize(7);
    first.addAll(second);
    assertThat(new HashSet<>(first)).hasSize(jobs);
  }

  private List<JobCommand> proposalsWithin(String time) {
    return new ArrayList<>(
        tickFor(watch, Duration.parse(time)).stream()
            .flatMap(findings -> findings.proposals().stream())
            .toList());
  }
}
