package dev.holdfast.worker.index.cidx;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.worker.index.IndexException;
import dev.holdfast.worker.index.Patience;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** The file by which one indexer keeps others off; not ours to remove while its writer lives. */
record Heartbeat(Path store, InstantSource clock) {
  private static final Duration STALE_AFTER = Duration.ofSeconds(300);
  private static final long LOOK_UP_EVERY_MS = 200;

  /** Waits until nobody else indexes. */
  void awaitSilence(Patience patience) throws IOException, InterruptedException {
    while (true) {
      Optional<Long> indexer = living();
      if (indexer.isEmpty()) {
        return;
      }
      if (patience.over()) {
        throw new IndexException(
            IndexException.Code.BUSY,
            "another cidx, pid %d, has been indexing all the time".formatted(indexer.get()));
      }
      Thread.sleep(LOOK_UP_EVERY_MS);
    }
  }

  /** The process that indexes now, if one does. */
  Optional<Long> living() throws IOException {
    Optional<JsonNode> beat = JsonFile.read(store.resolve(StoreFiles.HEARTBEAT));
    if (beat.isEmpty()) {
      return Optional.empty();
    }
    long pid = beat.get().path("pid").asLong();
    var beatenAt =
        Instant.ofEpochMilli((long) (beat.get().path("last_heartbeat").asDouble() * 1000));
    boolean fresh = Duration.between(beatenAt, clock.instant()).compareTo(STALE_AFTER) < 0;
    boolean alive = pid > 0 && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    return fresh && alive ? Optional.of(pid) : Optional.empty();
  }
}
