package dev.holdfast.drill.check;

import dev.holdfast.drill.work.DrillJob;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.job.JobEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks one drill's evidence. The names of the invariants are those of docs/drill.md. */
public final class Checker {
  /**
   * What a job looks like from outside when all is quiet.
   *
   * @param output as the API gives it out
   */
  public record Seen(
      DrillJob job, String id, String state, @Nullable Integer exitCode, byte[] output) {}

  private final Ledger ledger;
  private final Map<String, List<JobEvent>> events;
  private final Verdict verdict = new Verdict();

  public Checker(Ledger ledger, Map<String, List<JobEvent>> events) {
    this.ledger = ledger;
    this.events = events;
  }

  public Verdict check(List<Seen> jobs) {
    jobs.forEach(this::check);
    return verdict;
  }

  private void check(Seen seen) {
    List<JobEvent> history = events.getOrDefault(seen.id(), List.of());
    List<JobEvent.Ended> ends = of(history, JobEvent.Ended.class);
    verdict.require(
        !ends.isEmpty(), "nothing accepted is lost", seen.id() + " has no end: " + history);
    verdict.require(ends.size() <= 1, "one terminal state", seen.id() + " ended as " + ends);
    checkTokens(seen.id(), history, ends);
    checkOverlap(seen.id());
    if (ends.size() == 1) {
      checkOutcome(seen, ends.getFirst());
    }
  }

  private void checkTokens(String id, List<JobEvent> history, List<JobEvent.Ended> ends) {
    List<Long> tokens =
        of(history, JobEvent.Assigned.class).stream().map(event -> event.token().value()).toList();
    for (int i = 1; i < tokens.size(); i++) {
      verdict.require(tokens.get(i - 1) < tokens.get(i), "tokens rise", id + ": " + tokens);
    }
    for (JobEvent.Ended end : ends) {
      verdict.require(
          end.token() != null && !tokens.isEmpty() && end.token().value() == tokens.getLast(),
          "only the newest attempt has an effect",
          id + " ended under " + end.token() + " of " + tokens);
    }
  }

  private void checkOverlap(String id) {
    List<Ledger.Work> works = ledger.of(id);
    for (int i = 0; i < works.size(); i++) {
      Ledger.Work work = works.get(i);
      verdict.require(work.starts() <= 1, "one launch per attempt", work.toString());
      if (i > 0) {
        verdict.require(
            works.get(i - 1).last() <= work.first(),
            "attempts do not overlap",
            works.get(i - 1) + " and " + work);
      }
    }
  }

  private void checkOutcome(Seen seen, JobEvent.Ended end) {
    DrillJob job = seen.job();
    verdict.require(
        end.outcome().equals(new Outcome.Exited(job.exitCode()))
            && seen.exitCode() != null
            && seen.exitCode() == job.exitCode()
            && seen.state().equals(end.state().name()),
        "true exit",
        seen.id()
            + " left with "
            + job.exitCode()
            + ", the log says "
            + end.outcome()
            + ", the API "
            + seen.state()
            + " "
            + seen.exitCode());
    verdict.require(
        Arrays.equals(job.expectedOutput(), seen.output()),
        "output to the byte",
        seen.id()
            + " printed "
            + job.expectedOutput().length
            + " bytes, the API gives "
            + seen.output().length);
  }

  private static <E extends JobEvent> List<E> of(List<JobEvent> history, Class<E> type) {
    return history.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
