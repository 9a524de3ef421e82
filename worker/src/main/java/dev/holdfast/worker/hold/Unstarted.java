package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.worker.process.Stop;
import dev.holdfast.worker.run.Supervisor;
import dev.holdfast.worker.run.View;
import java.io.IOException;

/**
 * Writes down how an attempt ends that was never started. A shim may be about to claim the
 * directory: either it sees the stop file before it lets the command run, or its claim is seen
 * here, and nothing is written down.
 */
record Unstarted(Site site, Links links, Dossier dossier) {
  void cancelled() throws IOException {
    if (neverStarts(Stop.Reason.CANCELLED)) {
      dossier.concludeUnstarted(new Outcome.Cancelled(0));
    }
  }

  void lost(String evidence) throws IOException {
    if (neverStarts(Stop.Reason.SUPERSEDED)) {
      dossier.concludeLost(evidence);
    }
  }

  private boolean neverStarts(Stop.Reason reason) throws IOException {
    Supervisor supervisor = links.machine().supervisor();
    supervisor.stop(dossier.directory(), reason, site.stopGrace());
    return supervisor.look(dossier.directory()) instanceof View.NotLaunched;
  }
}
