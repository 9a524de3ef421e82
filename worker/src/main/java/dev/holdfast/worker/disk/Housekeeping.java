package dev.holdfast.worker.disk;

import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.workspace.MirrorShelf;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sweeps and compacts, at start and again and again; one thread of its own. */
public final class Housekeeping implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

  private final Sweep sweep;
  private final MirrorShelf mirrors;
  private final RunDirectories runs;
  private volatile boolean closed;

  public Housekeeping(Sweep sweep, MirrorShelf mirrors, RunDirectories runs) {
    this.sweep = sweep;
    this.mirrors = mirrors;
    this.runs = runs;
  }

  /**
   * Begins at once.
   *
   * @param interval between two rounds; the second comes sooner, for what the first one saw
   */
  public void begin(Duration interval, Duration second) {
    Thread.ofVirtual()
        .name("housekeeping")
        .start(() -> {
          try {
            runOnce();
            Thread.sleep(second);
            while (!closed) {
              runOnce();
              Thread.sleep(interval);
            }
          } catch (InterruptedException e) {
            log.debug("housekeeping ends");
          }
        });
  }

  private void runOnce() throws InterruptedException {
    try {
      sweep.runOnce();
      compactOne();
    } catch (RuntimeException | IOException e) {
      log.error("housekeeping met a bug; the next round follows", e);
    }
  }

  /** One a round: nothing waits for it, and it may take long. */
  private void compactOne() throws IOException {
    for (MirrorShelf.Shelved mirror : mirrors.all()) {
      if (mirrors.compact(
          mirror.directory(), () -> RunReferences.read(runs).to(mirror.directory()).isEmpty())) {
        log.info("compacted mirror {}", mirror.directory());
        return;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
