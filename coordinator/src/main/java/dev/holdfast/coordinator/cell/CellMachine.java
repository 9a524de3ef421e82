package dev.holdfast.coordinator.cell;

import dev.holdfast.coordinator.cell.CellInput.OfCellCommand;
import dev.holdfast.coordinator.cell.CellInput.OfCommand;
import dev.holdfast.coordinator.cell.CellInput.OfPresence;
import dev.holdfast.coordinator.cell.CellInput.OfReport;
import dev.holdfast.coordinator.cell.CellInput.TimePassed;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.job.JobCommand;
import java.time.Instant;

/**
 * Decides on one input at a time. Total and deterministic: the same cell, input and instant give
 * the same decision, and an expected refusal is a value.
 */
public final class CellMachine {
  private final CellRules rules;

  public CellMachine(CellRules rules) {
    this.rules = rules;
  }

  /** Decides, applying each event to the cell as it is decided. */
  public Decision decide(Cell cell, CellInput input, Instant now) {
    var turn = new Turn(cell, rules, now);
    switch (input) {
      case OfCommand(JobCommand command) -> decide(turn, command);
      case OfCellCommand(CellCommand command) -> Operations.decide(turn, command);
      case TimePassed time -> {}
      case OfReport(WorkerReport report) -> decide(turn, report);
      case OfPresence presence -> Presences.announced(turn, presence);
    }
    Waits.end(turn);
    Waits.grantLocks(turn);
    Assignments.fill(turn);
    return turn.decision();
  }

  private static void decide(Turn turn, JobCommand command) {
    switch (command) {
      case JobCommand.Submit submit -> Requests.submit(turn, submit);
      case JobCommand.Cancel cancel -> Requests.cancel(turn, cancel);
      case JobCommand.FlagLate late -> Proposals.flagLate(turn, late);
      case JobCommand.FlagStale stale -> Proposals.flagStale(turn, stale);
      case JobCommand.FlagOnTime onTime -> Proposals.flagOnTime(turn, onTime);
      case JobCommand.RequeueStale requeue -> Proposals.requeue(turn, requeue);
    }
  }

  private static void decide(Turn turn, WorkerReport report) {
    switch (report) {
      case WorkerReport.WorkerStarted started -> Handshake.started(turn, started);
      case WorkerReport.OfAttempt ofAttempt -> Reports.decide(turn, ofAttempt);
    }
  }
}
