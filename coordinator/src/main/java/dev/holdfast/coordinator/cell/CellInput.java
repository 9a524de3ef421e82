package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.worker.Presence;

/** What the cell machine decides on, in the order of the log. */
public sealed interface CellInput {
  record OfCommand(JobCommand command) implements CellInput {}

  record OfReport(WorkerReport report) implements CellInput {}

  /** A worker announced itself. */
  record OfPresence(Presence presence) implements CellInput {}
}
