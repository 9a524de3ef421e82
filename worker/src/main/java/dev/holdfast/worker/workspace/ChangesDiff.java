package dev.holdfast.worker.workspace;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jgit.diff.DiffDriver;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.patch.FileHeader;
import org.eclipse.jgit.util.QuotedString;

/** Writes {@code changes.diff} and counts as it writes. */
final class ChangesDiff extends DiffFormatter {

  /** Larger files are shown as binary ones: both versions of a text are held in memory. */
  private static final int TEXT_BYTES = 8 * 1024 * 1024;

  private final OutputStream out;
  private long insertions;
  private long deletions;

  private ChangesDiff(OutputStream out, Repository repository) {
    super(out);
    this.out = out;
    setRepository(repository);
    setBinaryFileThreshold(TEXT_BYTES);
    setDetectRenames(true);
    getRenameDetector().setBigFileThreshold(TEXT_BYTES);
  }

  /** What the diff holds, the part beyond the limit included. */
  record Counts(int files, long insertions, long deletions, List<String> paths) {
    static final Counts NONE = new Counts(0, 0, 0, List.of());
  }

  /**
   * @param leftOut told of each path whose change cannot be shown, and why
   */
  static Counts write(
      Repository repository,
      ObjectId before,
      ObjectId after,
      CutFile file,
      Consumer<String> leftOut)
      throws IOException {
    OutputStream buffered = new BufferedOutputStream(file, 64 * 1024);
    try (ChangesDiff diff = new ChangesDiff(buffered, repository)) {
      List<DiffEntry> entries = diff.scan(before, after);
      List<String> paths = new ArrayList<>();
      for (DiffEntry entry : entries) {
        boolean deleted = entry.getChangeType() == DiffEntry.ChangeType.DELETE;
        String path = deleted ? entry.getOldPath() : entry.getNewPath();
        if (paths.size() < ChangeSummary.LISTED_PATHS) {
          paths.add(path);
        }
        diff.writeWhole(entry, path, file, leftOut);
      }
      buffered.flush();
      return new Counts(entries.size(), diff.insertions, diff.deletions, paths);
    }
  }

  /** Either the entry's whole patch or nothing of it, so that the rest still applies. */
  private void writeWhole(DiffEntry entry, String path, CutFile file, Consumer<String> leftOut)
      throws IOException {
    out.flush();
    long start = file.position();
    try {
      format(entry);
      out.flush();
    } catch (MissingObjectException | CorruptObjectException e) {
      out.flush();
      file.rewind(start);
      leftOut.accept("%s: not in the diff (%s)".formatted(path, e.getMessage()));
    }
  }

  /** A binary file's patch is one sentence, in git's words; JGit has others. */
  @Override
  public void format(FileHeader head, RawText before, RawText after, DiffDriver driver)
      throws IOException {
    if (head.getPatchType() != FileHeader.PatchType.BINARY) {
      super.format(head, before, after, driver);
      return;
    }
    String header =
        new String(
            head.getBuffer(),
            head.getStartOffset(),
            head.getEndOffset() - head.getStartOffset(),
            StandardCharsets.UTF_8);
    int names = header.indexOf("\n--- ");
    out.write(
        (header.substring(0, names < 0 ? header.length() : names + 1)
                + "Binary files %s and %s differ\n"
                    .formatted(side("a/", head.getOldPath()), side("b/", head.getNewPath())))
            .getBytes(StandardCharsets.UTF_8));
  }

  private static String side(String prefix, String path) {
    return path.equals(DiffEntry.DEV_NULL) ? path : QuotedString.GIT_PATH.quote(prefix + path);
  }

  @Override
  protected void writeAddedLine(RawText text, int line) throws IOException {
    insertions++;
    super.writeAddedLine(text, line);
  }

  @Override
  protected void writeRemovedLine(RawText text, int line) throws IOException {
    deletions++;
    super.writeRemovedLine(text, line);
  }
}
