package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import org.jspecify.annotations.Nullable;

/**
 * What earlier attempts of a job have left for a later one; of each kind the newest.
 *
 * @param checkpoint archive of the checkpoint directory
 * @param work archive of the workspace's unfinished changes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Kept(@Nullable BlobRef checkpoint, @Nullable BlobRef work) {
  public static final Kept NOTHING = new Kept(null, null);

  /** The same with a newer file of a kind. */
  public Kept with(KeptKind kind, BlobRef file) {
    return switch (kind) {
      case CHECKPOINT -> new Kept(file, work);
      case WORK -> new Kept(checkpoint, file);
    };
  }

  /** Leaves a field out of the JSON that says nothing. */
  static final class Nothing {
    @Override
    public boolean equals(@Nullable Object other) {
      return other == null || NOTHING.equals(other);
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }
}
