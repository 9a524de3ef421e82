package dev.holdfast.worker.progress;

import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.worker.redact.Mask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file in which one job tells its progress. Owned by the thread of the attempt. */
public final class ProgressFile {
  private static final int MOST_BYTES = 4096;

  private final Path file;
  private @Nullable Object seen;
  private Optional<Progress> last = Optional.empty();

  public ProgressFile(Path file) {
    this.file = file;
  }

  /** What the job says now, without its secrets; empty if it says nothing that can be shown. */
  public Optional<Progress> read(Mask mask) {
    try {
      // Neither a link, which could lead anywhere, nor a pipe, on which reading would wait.
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      Object now = found.lastModifiedTime() + "/" + found.size() + "/" + found.fileKey();
      if (found.isRegularFile() && !now.equals(seen)) {
        last = ProgressLine.parse(content()).map(progress -> masked(progress, mask));
        seen = now;
      }
    } catch (IOException e) {
      // Not written yet, or just being replaced: the next look will see it.
      return last;
    }
    return last;
  }

  private byte[] content() throws IOException {
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(MOST_BYTES);
    }
  }

  private static Progress masked(Progress progress, Mask mask) {
    return new Progress(progress.percent(), mask.text(progress.text()));
  }
}
