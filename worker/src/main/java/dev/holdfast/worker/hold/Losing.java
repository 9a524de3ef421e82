package dev.holdfast.worker.hold;

import dev.holdfast.worker.keep.WorkKeeper;
import dev.holdfast.worker.output.OutputPublisher;
import dev.holdfast.worker.process.ExitRecord;
import dev.holdfast.worker.run.Supervisor;
import dev.holdfast.worker.run.View;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what a shim that is gone has left, and writes down that no outcome can be known. */
final class Losing implements Step.Work {
  private static final Logger log = LoggerFactory.getLogger(Losing.class);
  private static final long LAST_OUTPUT_WITHIN_MS = 2000;

  private final Supervisor supervisor;
  private final Dossier dossier;
  private final OutputPublisher output;
  private final Watching watching;
  private final WorkKeeper keeper;
  private final String evidence;
  private final boolean atOnce;

  /** What there is of an attempt whose shim is gone. */
  record Rest(OutputPublisher output, Watching watching, WorkKeeper keeper) {}

  /**
   * @param atOnce without saving anything: that has met a bug again and again
   */
  Losing(Links links, Dossier dossier, Rest rest, String evidence, boolean atOnce) {
    this.supervisor = links.machine().supervisor();
    this.dossier = dossier;
    this.output = rest.output();
    this.watching = rest.watching();
    this.keeper = rest.keeper();
    this.evidence = evidence;
    this.atOnce = atOnce;
  }

  @Override
  public void run(Step step) throws IOException, InterruptedException {
    supervisor.endLeftovers(dossier.directory());
    if (supervisor.look(dossier.directory()) instanceof View.Ended) {
      // The shim was not gone after all, and has had its say.
      return;
    }
    if (!atOnce) {
      watching.save();
      publishWhatThereIs();
      keeper.keepLast(() -> !step.givenUp());
    }
    dossier.concludeLost(evidence);
    dossier.directory().setAside(ExitRecord.FILE);
  }

  /** What a lost attempt printed may explain its end; it is not waited for very long. */
  private void publishWhatThereIs() throws InterruptedException {
    output.ended();
    try {
      output.done().get(LAST_OUTPUT_WITHIN_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.info("not all output of {} could be published: {}", dossier.directory(), e.toString());
    }
  }
}
