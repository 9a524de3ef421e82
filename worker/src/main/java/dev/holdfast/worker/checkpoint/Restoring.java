package dev.holdfast.worker.checkpoint;

import dev.holdfast.runtime.file.Tree;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.worker.output.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the checkpoint directory of an attempt: empty, or as an earlier attempt has left it. */
public final class Restoring {
  private static final Logger log = LoggerFactory.getLogger(Restoring.class);

  private final BlobStore blobs;

  public Restoring(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * Makes the directory; one that is there is left alone. An archive that cannot be had, or is
   * damaged, costs the work that it holds, not the job: then the directory is empty.
   *
   * @param kept null if no earlier attempt has left anything
   * @param mostBytes of all files together
   * @return whether it holds what was kept
   */
  public boolean into(Path directory, @Nullable BlobRef kept, long mostBytes)
      throws IOException, InterruptedException {
    if (Files.exists(directory)) {
      return kept != null;
    }
    Path unseen = directory.resolveSibling(directory.getFileName() + ".new");
    Tree.delete(unseen);
    boolean restored = kept != null && unpacked(kept, unseen, mostBytes);
    if (!restored) {
      Tree.delete(unseen);
      Files.createDirectory(unseen);
    }
    Files.move(unseen, directory, StandardCopyOption.ATOMIC_MOVE);
    return restored;
  }

  private boolean unpacked(BlobRef kept, Path unseen, long mostBytes) throws InterruptedException {
    Path archive = unseen.resolveSibling(CheckpointKeeper.NAME);
    try {
      Files.deleteIfExists(archive);
      blobs.fetch(kept, archive);
      Archive.unpack(archive, unseen, mostBytes);
      Files.delete(archive);
      return true;
    } catch (IOException e) {
      log.warn(
          "checkpoint {} cannot be restored; its job begins from the start: {}",
          kept.sha256(),
          e.toString());
      return false;
    }
  }
}
