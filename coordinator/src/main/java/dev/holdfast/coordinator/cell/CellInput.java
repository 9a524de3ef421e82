package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.worker.Presence;

/** What the cell machine decides on, in the order of the log. */
public sealed interface CellInput {
  record OfCommand(JobCommand command) implements CellInput {}

  /** An operator asked something of the cell. */
  record OfCellCommand(CellCommand command) implements CellInput {}

  /** Time went by, and nothing else came that would have shown it. */
  record TimePassed() implements CellInput {}

  record OfReport(WorkerReport report) implements CellInput {}

  /** A worker announced itself. */
  record OfPresence(Presence presence) implements CellInput {}
}
