package dev.holdfast.worker.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.attempt.WorkerReport.Renew;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord.Heartbeat;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.attempt.TrustWindow;
import dev.holdfast.worker.process.BootClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
  private static final WorkerId WORKER = new WorkerId("w-1");
  private static final HeldAttempt ATTEMPT = new HeldAttempt(new JobId("job-1"), new Token(5));

  /** A job whose heartbeats are never acknowledged. */
  private static final JobId UNHEARD = new JobId("unheard");

  /** Lease 9 s, delivery timeout 2 s. */
  private static final Liveness LIVENESS =
      new Liveness(Duration.ofMillis(120), Duration.ofSeconds(12));

  private final AtomicLong bootMs = new AtomicLong(1000);
  private final List<Heartbeat> beats = new CopyOnWriteArrayList<>();
  private final List<Renew> renewals = new CopyOnWriteArrayList<>();
  private final List<Long> deadlines = new CopyOnWriteArrayList<>();
  private final AtomicReference<CompletableFuture<Void>> logged =
      new AtomicReference<>(CompletableFuture.completedFuture(null));
  private final AtomicBoolean diskFull = new AtomicBoolean();
  private final Heartbeats heartbeats =
      new Heartbeats(
          WORKER,
          3,
          (job, beat) -> {
            beats.add(beat);
            return job.equals(UNHEARD)
                ? CompletableFuture.failedFuture(new IOException("away"))
                : CompletableFuture.completedFuture(null);
          },
          report -> {
            renewals.add((Renew) report);
            return logged.get();
          },
          new BootClock() {
            @Override
            public long nowMs() {
              return bootMs.get();
            }

            @Override
            public String source() {
              return "the test";
            }
          });
  private final Lease lease =
      new Lease(
          ATTEMPT,
          TrustWindow.granted(LIVENESS, 1000),
          Phase.PREPARING,
          deadlineMs -> {
            if (diskFull.get()) {
              throw new IOException("disk full");
            }
            deadlines.add(deadlineMs);
          });

  @AfterEach
  void stop() {
    heartbeats.close();
  }

  @Test
  void beatsAtOnceAndGoesOn() {
    heartbeats.keep(lease);

    await().until(() -> beats.size() >= 3);
    assertThat(beats.getFirst())
        .isEqualTo(new Heartbeat(new Token(5), WORKER, Phase.PREPARING, LIVENESS));
  }

  @Test
  void saysTheNewPhase() {
    heartbeats.keep(lease);
    lease.enter(Phase.RUNNING);

    await().until(() -> beats.getLast().phase() == Phase.RUNNING);
  }

  @Test
  void extendsTheLeaseFromWhenTheBeatWasSent() {
    bootMs.set(5000);
    heartbeats.keep(lease);

    await().until(() -> deadlines.contains(14_000L));
    assertThat(lease.window().deadlineMs()).isEqualTo(14_000);
  }

  @Test
  void triesMoreOftenWhileUnacknowledged() {
    var unheard =
        new Lease(
            new HeldAttempt(UNHEARD, new Token(6)),
            TrustWindow.granted(LIVENESS, 1000),
            Phase.RUNNING,
            LeaseFile.NONE);
    heartbeats.keep(lease);
    heartbeats.keep(unheard);

    await().until(() -> beatsUnder(5) >= 5);

    assertThat(beatsUnder(6)).isGreaterThan(2 * 5);
    assertThat(unheard.window().deadlineMs()).isEqualTo(10_000);
  }

  private long beatsUnder(long token) {
    return beats.stream().filter(beat -> beat.token().value() == token).count();
  }

  @Test
  void trustsNoFurtherThanWhatIsOnTheDisk() {
    diskFull.set(true);
    bootMs.set(5000);
    heartbeats.keep(lease);
    await().until(() -> beats.size() >= 2);
    assertThat(lease.window().deadlineMs()).isEqualTo(10_000);

    diskFull.set(false);
    await().until(() -> lease.window().deadlineMs() == 14_000);
  }

  @Test
  void isSilentOnceTheLeaseHasLapsedAndAsksOnlyWhenTold() {
    bootMs.set(20_000);
    heartbeats.keep(lease);
    heartbeats.beatNow(ATTEMPT);
    var other =
        new Lease(
            new HeldAttempt(new JobId("job-2"), new Token(6)),
            TrustWindow.granted(LIVENESS, 20_000),
            Phase.RUNNING,
            LeaseFile.NONE);
    heartbeats.keep(other);
    await().until(() -> beats.size() >= 3);
    assertThat(beats).allMatch(beat -> beat.token().equals(new Token(6)));
    assertThat(renewals).isEmpty();

    lease.mayRenew();
    await().until(() -> !renewals.isEmpty());
    heartbeats.renewed(ATTEMPT, renewals.getFirst().request());

    await().until(() -> deadlines.contains(29_000L));
    await().until(() -> beats.stream().anyMatch(beat -> beat.token().equals(new Token(5))));
  }

  @Test
  void doesNotBelieveAnAnswerToWhatItNeverAsked() {
    bootMs.set(20_000);
    lease.mayRenew();
    heartbeats.keep(lease);
    await().until(() -> !renewals.isEmpty());

    heartbeats.renewed(ATTEMPT, renewals.getFirst().request() - 1);
    bootMs.set(25_000);
    await().until(() -> renewals.size() >= 2);

    assertThat(deadlines).isEmpty();
    assertThat(renewals).extracting(Renew::request).doesNotHaveDuplicates();
  }

  @Test
  void asksOnceHoweverLongTheBrokerIsAway() {
    var onItsWay = new CompletableFuture<Void>();
    logged.set(onItsWay);
    bootMs.set(20_000);
    lease.mayRenew();
    heartbeats.keep(lease);
    await().until(() -> !renewals.isEmpty());

    bootMs.set(60_000);
    awaitSomeBeatsOfAnother();
    assertThat(renewals).hasSize(1);

    logged.set(CompletableFuture.completedFuture(null));
    onItsWay.complete(null);
    await("a request that counts from now on").until(() -> renewals.size() == 2);
    awaitSomeBeatsOfAnother();
    assertThat(renewals).hasSize(2);
    bootMs.set(65_000);
    await("another one, half a lease later").until(() -> renewals.size() == 3);
  }

  @Test
  void asksAgainWhenTheLogDidNotTakeItsRequest() {
    logged.set(CompletableFuture.failedFuture(new IOException("away")));
    bootMs.set(20_000);
    lease.mayRenew();
    heartbeats.keep(lease);

    await().until(() -> renewals.size() >= 3);
  }

  /** More than enough time for the lapsed lease to have been looked at several times. */
  private void awaitSomeBeatsOfAnother() {
    int before = beats.size();
    var other =
        new Lease(
            new HeldAttempt(new JobId("job-2"), new Token(6)),
            TrustWindow.granted(LIVENESS, bootMs.get()),
            Phase.RUNNING,
            LeaseFile.NONE);
    heartbeats.keep(other);
    await().until(() -> beats.size() >= before + 4);
  }

  @Test
  void stopsWhenDropped() {
    heartbeats.keep(lease);
    await().until(() -> !beats.isEmpty());

    heartbeats.drop(ATTEMPT);
    heartbeats.beatNow(ATTEMPT);
    var other =
        new Lease(
            new HeldAttempt(new JobId("job-2"), new Token(6)),
            TrustWindow.granted(LIVENESS, 1000),
            Phase.RUNNING,
            LeaseFile.NONE);
    heartbeats.keep(other);
    await().until(() -> beats.getLast().token().equals(new Token(6)));
    int after = beats.size();
    await().until(() -> beats.size() >= after + 3);

    assertThat(beats.subList(after, beats.size()))
        .allMatch(beat -> beat.token().equals(new Token(6)));
  }
}
