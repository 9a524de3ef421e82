package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.worker.container.EngineException;
import dev.holdfast.worker.container.EngineException.Code;
import dev.holdfast.worker.container.Refusals;
import java.io.IOException;

/** Makes ready what an attempt in a container needs besides its workspace. */
final class ContainerReadying {
  private final Site site;
  private final Links links;
  private final Dossier dossier;
  private final PrepareLimit limit;

  ContainerReadying(Site site, Links links, Dossier dossier, PrepareLimit limit) {
    this.site = site;
    this.links = links;
    this.dossier = dossier;
    this.limit = limit;
  }

  /** Whether the attempt can be started now; if not, it is written down why, unless given up. */
  boolean done(Step step) throws IOException, InterruptedException {
    ContainerSpec container = dossier.assigned().spec().container();
    if (container == null) {
      return true;
    }
    try {
      dossier.lease().enter(Phase.PREPARING);
      links
          .machine()
          .containers()
          .prepare(container, this::tell, () -> step.givenUp() || limit.over());
      tell("");
      return true;
    } catch (EngineException e) {
      if (!step.givenUp()) {
        conclude(e);
      }
      return false;
    }
  }

  private void tell(String progress) {
    String text = progress.substring(0, Math.min(progress.length(), Progress.MOST_CHARACTERS));
    dossier.lease().progress(new Progress(null, text));
    if (!text.isEmpty()) {
      links.log().heartbeats().beatNow(dossier.attempt());
    }
  }

  /** What lies with this worker's engine may go well elsewhere; the rest would fail anywhere. */
  private void conclude(EngineException e) throws IOException {
    if (limit.over()) {
      dossier.concludeUnstarted(limit.timedOut());
    } else if (e.code() == Code.UNREACHABLE || e.code() == Code.NO_SPACE) {
      dossier.concludeLost(String.valueOf(e.getMessage()));
    } else {
      dossier.concludeUnstarted(
          new Outcome.Failed(Refusals.code(e), Refusals.message(e, site.worker())));
    }
  }
}
