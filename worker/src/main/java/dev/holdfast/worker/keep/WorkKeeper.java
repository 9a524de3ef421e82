package dev.holdfast.worker.keep;

import dev.holdfast.runtime.file.Tree;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.attempt.Order.Assigned;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.KeptKind;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.output.BlobStore;
import dev.holdfast.worker.report.Courier;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.workspace.SavedWork;
import dev.holdfast.worker.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one attempt's unfinished work with the cell, for the attempt that may come after it. */
public final class WorkKeeper {
  private static final Logger log = LoggerFactory.getLogger(WorkKeeper.class);

  /** The name of the archive among a job's files. */
  public static final String ARCHIVE = "work.bundle";

  private final Attempt attempt;
  private final Tools tools;
  private final Terms terms;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile CompletableFuture<Void> background = CompletableFuture.completedFuture(null);

  /** One save at a time: the periodic one and the last may meet. */
  private final ReentrantLock saving = new ReentrantLock();

  private volatile long savedAtNs = System.nanoTime();

  /** Guarded by {@link #saving}: nothing may write into the run directory any more. */
  private boolean closed;

  /** Whose work. */
  public record Attempt(WorkerId worker, Assigned assigned, RunDirectory directory) {}

  /** What it takes. */
  public record Tools(Supplier<Workspaces> workspaces, BlobStore blobs, Courier courier) {}

  public WorkKeeper(Attempt attempt, Tools tools, Terms terms) {
    this.attempt = attempt;
    this.tools = tools;
    this.terms = terms;
  }

  /** Saves in the background if it is time; called often while the job runs. */
  public void whenDue(BooleanSupplier wanted) {
    if (isWithoutWork()
        || terms.saveEvery().isZero()
        || System.nanoTime() - savedAtNs < terms.saveEvery().toNanos()
        || !underWay.compareAndSet(false, true)) {
      return;
    }
    background =
        CompletableFuture.runAsync(
            () -> {
              try {
                keep(wanted);
              } catch (IOException | RuntimeException e) {
                log.warn("work of {} was not saved: {}", attempt.directory(), e.toString());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                savedAtNs = System.nanoTime();
                underWay.set(false);
              }
            },
            work -> Thread.ofVirtual().name("save-" + attempt.assigned().token()).start(work));
  }

  /** Completes once nothing that {@link #whenDue} began is under way. */
  public CompletableFuture<Void> idle() {
    return background;
  }

  /**
   * Saves what a lost attempt leaves, before the cell hears that it is lost and gives its token up.
   * Returns once the cell has it, or nobody wants it any more.
   */
  public void keepLast(BooleanSupplier wanted) throws IOException, InterruptedException {
    if (!isWithoutWork()) {
      keep(wanted);
    }
  }

  private boolean isWithoutWork() {
    return attempt.assigned().spec().repository() == null;
  }

  private void keep(BooleanSupplier wanted) throws IOException, InterruptedException {
    saving.lockInterruptibly();
    Path scratch = attempt.directory().path().resolve("saving");
    try {
      if (closed) {
        return;
      }
      KeptState kept = KeptState.of(attempt.directory().path());
      SavedWork saved =
          tools
              .workspaces()
              .get()
              .save(attempt.directory().work(), scratch, terms.limits(), kept.read());
      if (!saved.notes().isEmpty()) {
        log.info("saving the work of {}: {}", attempt.directory(), saved.notes());
      }
      if (saved.bundle().isPresent() && saved.state().isPresent() && wanted.getAsBoolean()) {
        deliver(saved.bundle().get(), wanted);
        if (wanted.getAsBoolean()) {
          kept.write(saved.state().get());
        }
      }
    } finally {
      try {
        Tree.delete(scratch);
      } finally {
        saving.unlock();
      }
    }
  }

  private void deliver(Path bundle, BooleanSupplier wanted)
      throws IOException, InterruptedException {
    BlobRef stored = tools.blobs().store(ARCHIVE, SavedWork.MEDIA_TYPE, bundle);
    Assigned assigned = attempt.assigned();
    var report =
        new WorkerReport.FileKept(
            attempt.worker(), assigned.job(), assigned.token(), KeptKind.WORK, stored);
    try {
      tools.courier().deliver(report, wanted).get();
    } catch (ExecutionException e) {
      throw new IOException("the cell was not told of saved work", e.getCause());
    }
    log.info("saved the work of {}: {} bytes", attempt.directory(), stored.bytes());
  }

  /**
   * Puts work that the cell has not got on this worker's shelf; call when nothing runs any more.
   */
  public Optional<Path> shelve() throws IOException, InterruptedException {
    RunDirectory directory = attempt.directory();
    saving.lockInterruptibly();
    try {
      closed = true;
      return isWithoutWork() || Accepted.holdsAll(directory)
          ? Optional.empty()
          : terms
              .shelf()
              .keep(
                  Shelf.Leaving.of(directory),
                  tools.workspaces().get(),
                  KeptState.of(directory.path()).read());
    } finally {
      saving.unlock();
    }
  }
}
