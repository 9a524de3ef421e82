package dev.holdfast.worker.workspace;

/**
 * How much of a job's changes is kept.
 *
 * @param diffBytes a longer diff is cut at a line end and closed by a marker line
 * @param bundleBytes a larger bundle is not produced
 * @param uncommittedBytes uncommitted files beyond this sum of sizes are left out
 */
public record CollectLimits(long diffBytes, long bundleBytes, long uncommittedBytes) {

  private static final long MB = 1024L * 1024L;

  /** What a job gets that asks for nothing else: 10 MB of diff, 256 MB of bundle, 1 GB of files. */
  public static final CollectLimits DEFAULT = new CollectLimits(10 * MB, 256 * MB, 1024 * MB);

  public CollectLimits {
    if (diffBytes < 1 || bundleBytes < 1 || uncommittedBytes < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: diff %d, bundle %d, uncommitted %d bytes"
              .formatted(diffBytes, bundleBytes, uncommittedBytes));
    }
  }
}
