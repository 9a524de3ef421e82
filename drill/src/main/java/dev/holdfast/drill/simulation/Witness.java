package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import java.util.HashMap;
import java.util.Map;

/** Sees what really happens in the world, and the chronicle in which it is written down. */
final class Witness {
  private final Chronicle chronicle;
  private final Occasions occasions = new Occasions();
  private final Map<HeldAttempt, Fate> fates = new HashMap<>();
  private final Map<JobId, Token> newestStep = new HashMap<>();

  Witness(Scheduler scheduler) {
    this.chronicle = new Chronicle(scheduler);
  }

  Chronicle chronicle() {
    return chronicle;
  }

  Occasions occasions() {
    return occasions;
  }

  void saw(Occasion occasion) {
    occasions.saw(occasion);
  }

  Fate fate(HeldAttempt attempt) {
    return fates.computeIfAbsent(attempt, unknown -> new Fate());
  }

  /**
   * An attempt had an effect on the world.
   *
   * @param excused whether it has just come out of a pause that nothing inside could have noticed
   */
  void step(HeldAttempt attempt, boolean excused) {
    chronicle.step(attempt.job(), attempt.token());
    Token newest = newestStep.merge(attempt.job(), attempt.token(), Witness::newer);
    if (newest.equals(attempt.token())) {
      return;
    }
    if (!excused) {
      throw violation(
          Invariant.NO_OVERLAP,
          attempt.job(),
          "token " + attempt.token() + " did a step after token " + newest + " had done one");
    }
    saw(Occasion.EXCUSED_STEP_AFTER_PAUSE);
  }

  Violation violation(Invariant invariant, JobId job, String found) {
    return new Violation(invariant, found, chronicle.of(job, "The story of job " + job));
  }

  private static Token newer(Token left, Token right) {
    return left.compareTo(right) >= 0 ? left : right;
  }
}
