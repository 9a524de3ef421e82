package dev.holdfast.schemas.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.holdfast.schemas.InvalidField;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arithmetic that keeps two attempts of one job apart. */
class LivenessTest {
  private static final Duration TICK = Duration.ofSeconds(5);

  /** Two machines' clocks may run this much apart. */
  private static final double CLOCK_RATE = 1.004;

  static LongStream seeds() {
    return LongStream.range(0, 500);
  }

  @Test
  void hasTheNumbersOfTheDesign() {
    Liveness liveness = Liveness.DEFAULT;

    assertThat(liveness.lease()).isEqualTo(Duration.ofSeconds(90));
    assertThat(liveness.freezeWithin()).isEqualTo(Duration.ofSeconds(5));
    assertThat(liveness.deliveryTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(liveness.lateAfter()).isEqualTo(Duration.ofSeconds(60));
    assertThat(liveness.frozenLimit()).isEqualTo(Duration.ofMinutes(10));
    assertThat(liveness.frozenLimitWithWorker()).isEqualTo(Duration.ofDays(1));
    assertThat(liveness.tick()).isEqualTo(TICK);
  }

  @Test
  void keepsItsRelationsByDefault() {
    assertThat(Liveness.DEFAULT.checkedAgainst(TICK)).isEqualTo(Liveness.DEFAULT);
    assertThat(fencedMs(Liveness.DEFAULT, TICK)).isEqualTo(115_460);
    assertThat(deliveredMs(Liveness.DEFAULT)).isEqualTo(115_000);
  }

  @Test
  void keepsItsRelationsAtAThirtiethOfTheScale() {
    var fast = new Liveness(Duration.ofSeconds(1), Duration.ofSeconds(4));

    assertThat(fast.checkedAgainst(fast.tick())).isEqualTo(fast);
    assertThat(fast.lease()).isEqualTo(Duration.ofSeconds(3));
    assertThat(fencedMs(fast, fast.tick())).isLessThanOrEqualTo(4_000);
    assertThat(deliveredMs(fast)).isLessThanOrEqualTo(4_000);
  }

  /** Whatever is accepted, an attempt is frozen before anybody may be told to start the next. */
  @ParameterizedTest
  @MethodSource("seeds")
  void acceptsExactlyWhatEndsBeforeStaleAfter(long seed) {
    var random = new Random(seed);
    Duration heartbeat = Duration.ofMillis(100 + random.nextInt(10_000));
    Duration staleAfter = heartbeat.multipliedBy(4).plusMillis(random.nextInt(20_000));
    Duration tick = Duration.ofMillis(1 + random.nextInt(15_000));
    var liveness = new Liveness(heartbeat, staleAfter);
    boolean kept =
        fencedMs(liveness, tick) <= staleAfter.toMillis()
            && deliveredMs(liveness) <= staleAfter.toMillis();

    if (kept) {
      assertThatNoException()
          .as("seed %d: %s at %s", seed, liveness, tick)
          .isThrownBy(() -> liveness.checkedAgainst(tick));
    } else {
      assertThatExceptionOfType(InvalidField.class)
          .as("seed %d: %s at %s", seed, liveness, tick)
          .isThrownBy(() -> liveness.checkedAgainst(tick))
          .satisfies(e -> assertThat(e.field()).isEqualTo("staleAfter"));
    }
  }

  /** A cell's own default is never refused, whatever is chosen for it. */
  @ParameterizedTest
  @MethodSource("seeds")
  void canAlwaysKeepItsOwnTick(long seed) {
    var random = new Random(seed);
    Duration heartbeat = Duration.ofMillis(100 + random.nextInt(600_000));
    var liveness =
        new Liveness(heartbeat, heartbeat.multipliedBy(4).plusMillis(random.nextInt(60_000)));

    assertThat(liveness.checkedAgainst(liveness.tick())).isEqualTo(liveness);
    assertThat(fencedMs(liveness, liveness.tick()))
        .as("seed %d: %s", seed, liveness)
        .isLessThanOrEqualTo(liveness.staleAfter().toMillis());
  }

  /** What the refusal advises is accepted. */
  @ParameterizedTest
  @MethodSource("seeds")
  void advisesWhatItAccepts(long seed) {
    Duration tick = Duration.ofMillis(100 + new Random(seed).nextInt(15_000));
    Duration advised = tick.multipliedBy(19);
    var liveness = new Liveness(Duration.ofMillis(100), advised);

    assertThat(liveness.checkedAgainst(tick)).isEqualTo(liveness);
  }

  /** Written out from the design, apart from the code: lease, freeze, slack and three ticks. */
  private static double fencedMs(Liveness liveness, Duration tick) {
    double staleMs = liveness.staleAfter().toMillis();
    return CLOCK_RATE
        * (staleMs * 90 / 120 + staleMs * 5 / 120 + staleMs * 5 / 120 + 3 * tick.toMillis());
  }

  /** Lease, delivery and freeze. */
  private static double deliveredMs(Liveness liveness) {
    double staleMs = liveness.staleAfter().toMillis();
    return staleMs * 90 / 120 + staleMs * 20 / 120 + staleMs * 5 / 120;
  }
}
