package dev.holdfast.drill.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Date;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.stream.Stream;

/**
 * What makes a package pure: what it decides follows from its arguments alone, so that a decision
 * can be replayed from the log and simulated from a seed.
 */
final class Purity {

  /** Jackson's annotations say how state is written down, and do nothing themselves. */
  private static final String[] VISIBLE = {
    "dev.holdfast.schemas..",
    "org.jspecify.annotations",
    "com.fasterxml.jackson.annotation",
    "java.lang",
    "java.lang.annotation",
    "java.lang.invoke",
    "java.lang.runtime",
    "java.time..",
    "java.util",
    "java.util.function",
    "java.util.stream",
  };

  /** Clocks, randomness, threads and the outside world, out of the packages that are visible. */
  private static final Class<?>[] FORBIDDEN = {
    Clock.class,
    InstantSource.class,
    Date.class,
    Timer.class,
    Random.class,
    SplittableRandom.class,
    System.class,
    Runtime.class,
    Process.class,
    ProcessBuilder.class,
    Thread.class,
    ThreadLocal.class,
  };

  private Purity() {}

  /** The rule that a package, with those below it, is pure. */
  static ArchRule of(String packageName) {
    var pure = packageName + "..";
    var visible = Stream.concat(Stream.of(pure), Stream.of(VISIBLE)).toArray(String[]::new);
    return CompositeArchRule.of(
            classes()
                .that()
                .resideInAPackage(pure)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(visible)
                .allowEmptyShould(true))
        .and(
            noClasses()
                .that()
                .resideInAPackage(pure)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(FORBIDDEN)
                .allowEmptyShould(true))
        .and(
            noClasses()
                .that()
                .resideInAPackage(pure)
                .should()
                .accessTargetWhere(target(readsAClockOrRollsADie()))
                .allowEmptyShould(true))
        .as(packageName + " should be pure");
  }

  /** Methods of otherwise harmless classes, whether they are called or referred to. */
  private static DescribedPredicate<AccessTarget> readsAClockOrRollsADie() {
    return describe(
        "reads a clock or rolls a die",
        target ->
            switch (target.getName()) {
              case "now" -> target.getOwner().getPackageName().startsWith("java.time");
              case "randomUUID", "shuffle" ->
                  target.getOwner().getPackageName().equals("java.util");
              case "random" -> target.getOwner().isEquivalentTo(Math.class);
              default -> false;
            });
  }
}
