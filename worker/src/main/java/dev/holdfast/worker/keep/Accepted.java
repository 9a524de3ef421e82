package dev.holdfast.worker.keep;

import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.JobResult.Changes;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.workspace.Collected;
import java.io.IOException;

/** Whether an attempt's outcome holds all of its work, so that its workspace may go. */
final class Accepted {
  private Accepted() {}

  static boolean holdsAll(RunDirectory directory) throws IOException {
    return directory.conclusion().orElse(null) instanceof WorkerReport.Ended ended
        && (ended.result() == null || holdsAll(ended.result()));
  }

  /** No result at all: the command was never started. */
  private static boolean holdsAll(JobResult result) {
    Changes changes = result.changes();
    boolean bundled =
        result.files().stream().anyMatch(file -> file.name().equals(Collected.BUNDLE_FILE));
    boolean untouched =
        changes != null
            && changes.commits() == 0
            && changes.filesChanged() == 0
            && changes.uncommittedFiles() == 0
            && !changes.base().isEmpty();
    boolean whole = changes == null || changes.leftOut() == 0;
    return whole && (bundled || untouched);
  }
}
