package dev.holdfast.monitor.liveness;

import static dev.holdfast.monitor.liveness.LeaseFixtures.TICK;
import static dev.holdfast.monitor.liveness.LeaseFixtures.heartbeat;
import static dev.holdfast.monitor.liveness.LeaseFixtures.job;
import static dev.holdfast.monitor.liveness.LeaseFixtures.opened;
import static dev.holdfast.monitor.liveness.LeaseFixtures.tickFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobCommand.FlagOnTime;
import dev.holdfast.schemas.job.JobCommand.FlagStale;
import dev.holdfast.schemas.job.JobCommand.RequeueStale;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MassSilenceTest {
  private final LeaseWatch watch = new LeaseWatch(new InMemoryLeaseTable(), TICK);

  @BeforeEach
  void startTheClock() {
    watch.ticked(new Tick(1, 0));
  }

  @ParameterizedTest(name = "{0} silent of {1}: {2}")
  @CsvSource({
    "0, 0, false",
    "1, 1, false",
    "3, 3, false",
    "4, 4, true",
    "4, 13, true",
    "4, 14, false",
    "30, 100, false",
    "31, 100, true",
    "300000, 1000000, false",
    "300001, 1000000, true",
  })
  void isMoreThanThreeAndMoreThanThirtyPercent(int silent, int open, boolean mass) {
    assertThat(MassSilence.is(silent, open)).isEqualTo(mass);
  }

  @Test
  void requeuesFewAtOnce() {
    open(0, 100);
    beatEveryHalfMinuteUntilStale(30, 100);

    List<Findings> findings = tickFor(watch, TICK);

    assertThat(requeued(findings)).hasSize(30);
    assertThat(alerts(findings)).isEmpty();
  }

  @Test
  void holdsBackManyForOneHeartbeatInterval() {
    open(0, 100);
    beatEveryHalfMinuteUntilStale(31, 100);

    List<Findings> whenStale = tickFor(watch, TICK);
    List<Findings> meanwhile = tickFor(watch, Duration.ofSeconds(25));
    List<Findings> atTheEnd = tickFor(watch, TICK);

    assertThat(proposals(whenStale)).hasSize(31).hasOnlyElementsOfType(FlagStale.class);
    assertThat(alerts(whenStale))
        .singleElement()
        .satisfies(alert -> {
          assertThat(alert.silent()).isEqualTo(31);
          assertThat(alert.open()).isEqualTo(100);
          assertThat(alert.held()).isEqualTo(31);
          assertThat(alert.workers()).hasSize(31);
        });
    assertThat(proposals(meanwhile)).isEmpty();
    assertThat(requeued(atTheEnd)).hasSize(31);
  }

  @Test
  void doesNotRequeueWhatBeatsWhileHeldBack() {
    open(0, 10);
    tickFor(watch, Duration.ofSeconds(120));
    assertThat(watch.count(Stage.HELD)).isEqualTo(10);

    for (int number = 0; number < 6; number++) {
      assertThat(watch.beat(job(number), heartbeat(number + 1)))
          .get()
          .isInstanceOf(FlagOnTime.class);
    }

    assertThat(requeued(tickFor(watch, Duration.ofSeconds(30))))
        .containsExactlyInAnyOrder(job(6), job(7), job(8), job(9));
  }

  /** The last beats before a common outage lie up to one heartbeat interval apart. */
  @Test
  void seesThatLeasesWhichFallStaleInDifferentTicksFellSilentTogether() {
    for (int group = 0; group < 6; group++) {
      open(group * 10, group * 10 + 10);
      tickFor(watch, TICK);
    }

    List<Findings> findings = tickFor(watch, Duration.ofSeconds(90 + 25));

    assertThat(requeued(findings)).isEmpty();
    assertThat(watch.count(Stage.HELD)).isEqualTo(60);
    assertThat(alerts(findings)).hasSize(6);
  }

  @Test
  void doesNotCountLeasesWhoseRequeueTheCoordinatorKeepsRefusing() {
    open(0, 4);
    tickFor(watch, Duration.ofSeconds(300));
    assertThat(watch.count(Stage.PROPOSED)).isEqualTo(4);
    open(4, 6);

    List<Findings> findings = tickFor(watch, Duration.ofSeconds(120));

    assertThat(alerts(findings)).isEmpty();
    assertThat(requeued(findings)).contains(job(4), job(5));
  }

  private void open(int from, int to) {
    IntStream.range(from, to).forEach(number -> watch.opened(job(number), opened(number + 1, 0)));
  }

  /** The first jobs are silent, the others beat; one more tick makes the first stale. */
  private void beatEveryHalfMinuteUntilStale(int firstAlive, int jobs) {
    for (int beat = 0; beat < 4; beat++) {
      tickFor(watch, Duration.ofSeconds(beat < 3 ? 30 : 25));
      IntStream.range(firstAlive, jobs)
          .forEach(number -> watch.beat(job(number), heartbeat(number + 1)));
    }
  }

  private static List<JobCommand> proposals(List<Findings> findings) {
    return findings.stream().flatMap(found -> found.proposals().stream()).toList();
  }

  private static List<JobId> requeued(List<Findings> findings) {
    var jobs = new ArrayList<JobId>();
    for (JobCommand proposal : proposals(findings)) {
      if (proposal instanceof RequeueStale requeue) {
        jobs.add(requeue.job());
      }
    }
    return jobs;
  }

  private static List<MassSilence> alerts(List<Findings> findings) {
    return findings.stream().map(Findings::alert).flatMap(Optional::stream).toList();
  }
}
