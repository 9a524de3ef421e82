package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.Require;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt left behind besides its output.
 *
 * @param files kept on the blobs topic
 * @param changes what it changed in its repository; null without one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobResult(List<BlobRef> files, @Nullable Changes changes) {
  public JobResult {
    files = files == null ? List.of() : List.copyOf(files);
  }

  /**
   * Where a file's chunks are on the blobs topic.
   *
   * <p>Travels with a job's spec in every later assignment, so its texts are short.
   *
   * @param name e.g. {@code changes.diff}, {@code changes.bundle}
   * @param sha256 of the whole file, in hex; chunk {@code n} has the key {@code sha256/n}
   * @param chunks how many
   * @param partition of the blobs topic
   * @param offset of the first chunk; the others follow it in the same partition
   */
  public record BlobRef(
      String name,
      String mediaType,
      String sha256,
      long bytes,
      int chunks,
      int partition,
      long offset) {
    public BlobRef {
      Require.line("name", name, 200);
      Require.line("mediaType", mediaType, 200);
      Require.line("sha256", sha256, 64);
    }
  }

  /**
   * A summary of the changes in the workspace since the commit that was checked out.
   *
   * @param base commit id that the job started from
   * @param head commit id of HEAD when it ended
   * @param commits made by the job
   * @param uncommittedFiles changed or new files that the job had not committed
   * @param leftOut how many things of the job's work are not among the files, because they were too
   *     large, say, or unreadable; the worker keeps the workspace
   * @param note what could not be collected, and why; empty normally, cut at 4,000 characters
   */
  public record Changes(
      String base,
      String head,
      int commits,
      int filesChanged,
      int insertions,
      int deletions,
      int uncommittedFiles,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) int leftOut,
      String note) {
    private static final int MOST_CHARACTERS = 4000;

    public Changes {
      Require.present("base", base);
      Require.present("head", head);
      note = note == null ? "" : note.substring(0, Math.min(note.length(), MOST_CHARACTERS));
    }
  }
}
