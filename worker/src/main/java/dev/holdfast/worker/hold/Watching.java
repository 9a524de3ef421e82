package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.KeptKind;
import dev.holdfast.worker.checkpoint.CheckpointKeeper;
import dev.holdfast.worker.progress.ProgressFile;
import dev.holdfast.worker.report.Heartbeats;
import dev.holdfast.worker.report.Lease;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running job tells and keeps: its progress, sent at most once a second; its checkpoint,
 * saved with the heartbeat. Owned by the thread of the attempt.
 */
final class Watching {
  private static final Logger log = LoggerFactory.getLogger(Watching.class);
  private static final long PROGRESS_EVERY_NS = 1_000_000_000;

  private final Dossier dossier;
  private final Heartbeats heartbeats;
  private final ProgressFile progressFile;
  private final Optional<CheckpointKeeper> keeper;
  private Optional<Progress> told = Optional.empty();
  private long progressAtNs = System.nanoTime() - PROGRESS_EVERY_NS;
  private volatile CompletableFuture<Void> background = CompletableFuture.completedFuture(null);
  private long savedAtNs = System.nanoTime();

  Watching(Links links, Dossier dossier) {
    this.dossier = dossier;
    this.heartbeats = links.log().heartbeats();
    this.progressFile = new ProgressFile(dossier.provisions().places().progress());
    this.keeper =
        dossier
            .provisions()
            .keeper(
                new CheckpointKeeper.Events(
                    blob ->
                        dossier.report(
                            new WorkerReport.FileKept(
                                dossier.worker(),
                                dossier.assigned().job(),
                                dossier.assigned().token(),
                                KeptKind.CHECKPOINT,
                                blob)),
                    problem -> log.warn("job {}: {}", dossier.assigned().job(), problem)));
  }

  /** Looks at what is due; returns at once. */
  void look() throws IOException {
    long nowNs = System.nanoTime();
    if (nowNs - progressAtNs >= PROGRESS_EVERY_NS) {
      progressAtNs = nowNs;
      // Each time: in a container the command can be started again, from a new launch file.
      dossier.provisions().begun();
      tellProgress();
    }
    Lease lease = dossier.lease();
    if (keeper.isPresent()
        && nowNs - savedAtNs >= lease.window().liveness().heartbeat().toNanos()) {
      savedAtNs = nowNs;
      background =
          CompletableFuture.runAsync(
              this::save,
              work ->
                  Thread.ofVirtual().name("checkpoint-" + dossier.assigned().token()).start(work));
    }
  }

  /** Completes once no save that {@link #look} began is under way. */
  CompletableFuture<Void> idle() {
    return background;
  }

  /** Tells what the job said last; call when it has ended. */
  void lastLook() throws IOException {
    progressAtNs = System.nanoTime() - PROGRESS_EVERY_NS;
    savedAtNs = System.nanoTime();
    look();
  }

  private void tellProgress() {
    Optional<Progress> now = progressFile.read(dossier.provisions().mask());
    if (now.isPresent() && !now.equals(told)) {
      told = now;
      dossier.lease().progress(now.get());
      heartbeats.beatNow(dossier.attempt());
    }
  }

  /** Saves the checkpoint now. */
  void save() {
    if (keeper.isPresent()) {
      try {
        keeper.get().save();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
