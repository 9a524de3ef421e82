package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.LockWish;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sees what really happens in the world, and the chronicle in which it is written down. */
final class Witness {
  private final Chronicle chronicle;
  private final Occasions occasions = new Occasions();
  private final Map<HeldAttempt, Fate> fates = new HashMap<>();
  private final Map<JobId, Token> newestStep = new HashMap<>();
  private final Map<JobId, List<String>> locks = new HashMap<>();
  private final Map<String, Token> newestLockedStep = new HashMap<>();

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
    for (String lock : locks.getOrDefault(attempt.job(), List.of())) {
      lockedStep(lock, attempt, excused);
    }
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

  /** What a job holds while it has effects. */
  void locks(JobId job, List<LockWish> wishes) {
    locks.put(job, wishes.stream().map(LockWish::name).toList());
  }

  /** Tokens grow over all jobs, so whoever holds a lock later has the larger one. */
  private void lockedStep(String lock, HeldAttempt attempt, boolean excused) {
    Token newest = newestLockedStep.merge(lock, attempt.token(), Witness::newer);
    if (!newest.equals(attempt.token()) && !excused) {
      throw violation(
          Invariant.LOCK_EXCLUSION,
          attempt.job(),
          "token "
              + attempt.token()
              + " did a step under "
              + lock
              + " after token "
              + newest
              + " had done one");
    }
  }

  Violation violation(Invariant invariant, JobId job, String found) {
    return new Violation(invariant, found, chronicle.of(job, "The story of job " + job));
  }

  private static Token newer(Token left, Token right) {
    return left.compareTo(right) >= 0 ? left : right;
  }
}
