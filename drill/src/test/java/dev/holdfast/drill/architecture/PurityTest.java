package dev.holdfast.drill.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

class PurityTest {

  private static final JavaClasses SAMPLES =
      new ClassFileImporter().importClasses(PurityTest.class.getDeclaredClasses());

  /** They stand in this package, and so the rule for it is applied to them, one at a time. */
  private static final ArchRule SAMPLES_ARE_PURE = Purity.of(PurityTest.class.getPackageName());

  @ParameterizedTest
  @ValueSource(
      classes = {
        ReadsTheClock.class,
        RefersToTheClock.class,
        HoldsAClock.class,
        AsksTheSystem.class,
        NamesAtRandom.class,
        RollsADie.class,
        Shuffles.class,
        HoldsRandomness.class,
        ReadsAFile.class,
        HoldsAStream.class,
        SharesState.class,
        Logs.class,
        SpeaksKafka.class,
      })
  void catchesImpurity(Class<?> sample) {
    assertThat(SAMPLES_ARE_PURE.evaluate(only(sample)).hasViolation()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(classes = {OnTime.class, Late.class, Verdict.class, Decides.class})
  void letsPureCodePass(Class<?> sample) {
    assertThat(SAMPLES_ARE_PURE.evaluate(only(sample)).getFailureReport().getDetails()).isEmpty();
  }

  private static JavaClasses only(Class<?> sample) {
    return SAMPLES.that(describe("is the sample", found -> found.isEquivalentTo(sample)));
  }

  sealed interface Verdict {}

  record OnTime() implements Verdict {}

  @JsonInclude
  record Late(Duration by) implements Verdict {}

  record Decides(Map<String, Instant> deadlines) {
    Verdict judge(String job, Instant now) {
      var late = Duration.between(deadlines.getOrDefault(job, now), now);
      return late.isPositive() ? new Late(late) : new OnTime();
    }

    String explain(Verdict verdict) {
      return switch (verdict) {
        case OnTime() -> "on time";
        case Late(var by) -> "late by " + by;
      };
    }
  }

  record ReadsTheClock() {
    Instant at() {
      return Instant.now();
    }
  }

  record RefersToTheClock(Supplier<Instant> clock) {
    RefersToTheClock() {
      this(Instant::now);
    }
  }

  record HoldsAClock(Clock clock) {}

  record AsksTheSystem() {
    long at() {
      return System.nanoTime();
    }
  }

  record NamesAtRandom() {
    String name() {
      return UUID.randomUUID().toString();
    }
  }

  record RollsADie() {
    double roll() {
      return Math.random();
    }
  }

  record Shuffles() {
    void shuffle(List<String> names) {
      Collections.shuffle(names);
    }
  }

  record HoldsRandomness(Random random) {}

  record ReadsAFile() {
    boolean exists(String name) {
      return Files.exists(Path.of(name));
    }
  }

  record HoldsAStream(InputStream in) {}

  record SharesState(ConcurrentHashMap<String, String> state) {}

  record Logs(Logger log) {}

  record SpeaksKafka(ConsumerRecord<String, byte[]> command) {}
}
