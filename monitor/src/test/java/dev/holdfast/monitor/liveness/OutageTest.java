package dev.holdfast.monitor.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.job.JobCommand.RequeueStale;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.Liveness;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Outages make nobody look dead, and hide nobody who is. */
class OutageTest {
  private static final int JOBS = 100;

  /** Few enough not to be taken for mass silence. */
  private static final int DYING = 10;

  private static final Liveness LIVENESS = Liveness.DEFAULT;
  private static final Duration STALE_AFTER = LIVENESS.staleAfter();

  private final OutageWorld world = new OutageWorld(42, JOBS, LIVENESS);

  @Test
  void brokerOutageMakesNobodyLookDead() {
    liveThenDie();

    world.brokerUp(false);
    world.run(STALE_AFTER.multipliedBy(10));
    world.brokerUp(true);
    world.run(STALE_AFTER.multipliedBy(2));

    expectOnlyTheDeadFound(world);
  }

  @Test
  void pausedMonitorMakesNobodyLookDead() {
    liveThenDie();

    world.pauseMonitor();
    world.run(STALE_AFTER.multipliedBy(10));
    world.resumeMonitor();
    world.run(STALE_AFTER.multipliedBy(2));

    expectOnlyTheDeadFound(world);
  }

  @Test
  void killedMonitorMakesNobodyLookDead() {
    liveThenDie();

    world.killMonitor();
    world.run(STALE_AFTER.multipliedBy(10));
    world.resumeMonitor();
    world.run(STALE_AFTER.multipliedBy(2));

    expectOnlyTheDeadFound(world);
  }

  @Test
  void findsTheDeadWithinOneTickOfTheThresholdWhenNothingElseFails() {
    liveThenDie();
    world.run(STALE_AFTER.multipliedBy(2));

    expectOnlyTheDeadFound(world);
    firstRequeues()
        .forEach(found ->
            assertThat(found.atMs() - world.lastBeatMs(found.command().job()))
                .isLessThanOrEqualTo(STALE_AFTER.plus(LIVENESS.tick().multipliedBy(2)).toMillis()));
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 40);
  }

  /** Outages of all kinds and lengths in a row, also short ones and one within another. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void outagesInAnyOrderMakeNobodyLookDead(long seed) {
    var random = new Random(seed);
    var cruel = new OutageWorld(seed, JOBS, LIVENESS);
    cruel.run(STALE_AFTER);

    for (int round = 0; round < 25; round++) {
      if (round == 10) {
        IntStream.range(0, DYING).forEach(cruel::kill);
      }
      switch (random.nextInt(5)) {
        case 0 -> cruel.brokerUp(false);
        case 1 -> cruel.killMonitor();
        case 2 -> cruel.pauseMonitor();
        default -> {
          cruel.brokerUp(true);
          cruel.resumeMonitor();
        }
      }
      cruel.run(Duration.ofMillis(100L + random.nextInt(random.nextBoolean() ? 8_000 : 400_000)));
    }
    cruel.brokerUp(true);
    cruel.resumeMonitor();
    cruel.run(STALE_AFTER.multipliedBy(2));

    expectOnlyTheDeadFound(cruel);
    // What keeps two attempts apart: no requeue sooner than stale-after less three ticks, whatever
    // fails when. The lease has run out and the attempt is frozen by then.
    cruel
        .proposals()
        .forEach(found -> {
          if (found.command() instanceof RequeueStale) {
            assertThat(found.atMs() - cruel.lastBeatMs(found.command().job()))
                .isGreaterThanOrEqualTo(
                    STALE_AFTER.minus(LIVENESS.tick().multipliedBy(3)).toMillis());
          }
        });
  }

  private void liveThenDie() {
    world.run(STALE_AFTER.multipliedBy(3));
    IntStream.range(0, DYING).forEach(world::kill);
    world.run(Duration.ofSeconds(1));
  }

  private List<OutageWorld.Proposed> firstRequeues() {
    return world.proposals().stream()
        .filter(found -> found.command() instanceof RequeueStale)
        .collect(Collectors.groupingBy(found -> found.command().job()))
        .values()
        .stream()
        .map(List::getFirst)
        .toList();
  }

  private static void expectOnlyTheDeadFound(OutageWorld world) {
    Set<JobId> dead =
        IntStream.range(0, DYING).mapToObj(LeaseFixtures::job).collect(Collectors.toSet());
    Set<JobId> flagged =
        world.proposals().stream().map(found -> found.command().job()).collect(Collectors.toSet());
    Set<JobId> requeued =
        world.proposals().stream()
            .filter(found -> found.command() instanceof RequeueStale)
            .map(found -> found.command().job())
            .collect(Collectors.toSet());
    assertThat(flagged).as("jobs that any proposal is about").isSubsetOf(dead);
    assertThat(requeued).as("jobs proposed for a requeue").isEqualTo(dead);
  }
}
