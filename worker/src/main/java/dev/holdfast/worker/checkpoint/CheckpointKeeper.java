package dev.holdfast.worker.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.worker.output.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saves one attempt's checkpoint directory whenever it has changed. */
public final class CheckpointKeeper {
  private static final Logger log = LoggerFactory.getLogger(CheckpointKeeper.class);
  static final String NAME = "checkpoint.tar.gz";
  private static final String MEDIA_TYPE = "application/gzip";
  private static final int TRIES = 5;
  private static final long BETWEEN_TRIES_MS = 25;

  private final Path directory;
  private final Path scratch;
  private final long mostBytes;
  private final BlobStore blobs;
  private final Events events;

  /** One at a time, whoever asks. */
  private final ReentrantLock saving = new ReentrantLock();

  private boolean complained;

  /**
   * Saves nothing by itself: see {@link #save}.
   *
   * @param scratch a directory of the worker's on the same disk
   */
  public CheckpointKeeper(
      Path directory, Path scratch, long mostBytes, BlobStore blobs, Events events) {
    this.directory = directory;
    this.scratch = scratch;
    this.mostBytes = mostBytes;
    this.blobs = blobs;
    this.events = events;
  }

  /** What came of it. */
  public record Events(Consumer<BlobRef> saved, Consumer<String> problem) {}

  /** Saves what has changed since the last time; what fails is tried again the next time. */
  public void save() throws InterruptedException {
    saving.lock();
    try {
      saveIfChanged();
    } catch (NoSuchFileException e) {
      log.debug("{} is not there", directory);
    } catch (IOException e) {
      log.warn("checkpoint {} could not be saved; trying again: {}", directory, e.toString());
    } finally {
      saving.unlock();
    }
  }

  private void saveIfChanged() throws IOException, InterruptedException {
    Footprint seen = Footprint.of(directory);
    Optional<String> saved = saved();
    if (saved.isEmpty() ? seen.empty() : saved.get().equals(seen.digest())) {
      return;
    }
    if (seen.bytes() > mostBytes) {
      complain(
          "the checkpoint is not saved: its directory has %d bytes, and at most %d are allowed"
              .formatted(seen.bytes(), mostBytes));
      return;
    }
    Path archive = scratch.resolve(NAME + AtomicFile.TEMPORARY_SUFFIX);
    try {
      Optional<Footprint> packed = packAtRest(archive);
      if (packed.isPresent()) {
        BlobRef blob = blobs.store(NAME, MEDIA_TYPE, archive);
        events.saved().accept(blob);
        AtomicFile.replace(memory(), packed.get().digest().getBytes(UTF_8));
      }
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  /** Packs a state that did not change while it was read; empty if there was no such state. */
  private Optional<Footprint> packAtRest(Path archive) throws IOException, InterruptedException {
    for (int tried = 1; tried <= TRIES; tried++) {
      Footprint before = Footprint.of(directory);
      if (before.settledAt(Instant.now())) {
        IOException torn = null;
        try {
          Archive.pack(directory, archive);
        } catch (IOException e) {
          torn = e;
        }
        if (Footprint.of(directory).digest().equals(before.digest())) {
          if (torn != null) {
            throw torn;
          }
          return Optional.of(before);
        }
      }
      Thread.sleep(BETWEEN_TRIES_MS * tried);
    }
    log.debug("{} changes too fast to be read; trying again later", directory);
    return Optional.empty();
  }

  private void complain(String problem) {
    if (!complained) {
      complained = true;
      events.problem().accept(problem);
    }
  }

  private Path memory() {
    return scratch.resolve("checkpoint.saved");
  }

  private Optional<String> saved() throws IOException {
    return Files.exists(memory()) ? Optional.of(Files.readString(memory())) : Optional.empty();
  }
}
