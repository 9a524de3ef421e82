package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;

/** Writes the result files of one collection; each appears complete or not at all. */
final class Results {

  private static final String CUT =
      "# holdfast: diff cut here, it would be longer than %d bytes; changes.bundle holds the"
          + " rest%n";

  private final Path directory;
  private final CollectLimits limits;
  private final Notes notes;

  Results(Path directory, CollectLimits limits, Notes notes) {
    this.directory = directory;
    this.limits = limits;
    this.notes = notes;
  }

  private record Diff(Optional<Path> file, ChangesDiff.Counts counts) {}

  Collected write(PreparedWorkspace workspace, Shadow shadow, RevCommit base, FinalState state) {
    Repository repository = shadow.repository();
    Diff diff =
        notes
            .attemptView(
                Collected.DIFF_FILE + " cannot be written",
                () -> diff(repository, base.getTree(), state.tree()))
            .orElse(new Diff(Optional.empty(), ChangesDiff.Counts.NONE));
    Optional<Path> bundle = bundle(repository, workspace.workBranch(), base, state);
    ChangesDiff.Counts counts = diff.counts();
    ChangeSummary summary =
        new ChangeSummary(
            base.name(),
            state.headCommit().map(AnyObjectId::name),
            state.headRef(),
            state.snapshot().map(AnyObjectId::name),
            state.commitsSince(base),
            counts.files(),
            counts.insertions(),
            counts.deletions(),
            state.uncommittedFiles(),
            counts.paths());
    return new Collected(Optional.of(summary), diff.file(), bundle, notes.leftOut(), notes.all());
  }

  private Diff diff(Repository repository, ObjectId before, ObjectId after) throws IOException {
    if (before.equals(after)) {
      return new Diff(Optional.empty(), ChangesDiff.Counts.NONE);
    }
    Path target = directory.resolve(Collected.DIFF_FILE);
    Path temporary = temporary(target);
    try (CutFile file = new CutFile(temporary, limits.diffBytes())) {
      ChangesDiff.Counts counts =
          ChangesDiff.write(
              repository, before, after, file, path -> notes.mention("not collected: " + path));
      file.finish(CUT.formatted(limits.diffBytes()));
      if (file.isCut()) {
        notes.mention("%s was cut at %d bytes".formatted(target.getFileName(), limits.diffBytes()));
      }
      FileTrees.publish(temporary, target);
      return new Diff(Optional.of(target), counts);
    } finally {
      FileTrees.delete(temporary);
    }
  }

  Optional<Path> bundle(
      Repository repository, String workBranch, RevCommit base, FinalState state) {
    RevCommit head = state.headCommit().orElse(base);
    if (head.equals(base) && state.snapshot().isEmpty()) {
      return Optional.empty();
    }
    Map<String, ObjectId> refs = new TreeMap<>();
    refs.put(Constants.R_HEADS + workBranch, head);
    state.snapshot().ifPresent(id -> refs.put(Collected.UNCOMMITTED_REF, id));
    Path target = directory.resolve(Collected.BUNDLE_FILE);
    Path temporary = temporary(target);
    return notes.attempt(
        Collected.BUNDLE_FILE + " cannot be written",
        () -> {
          try {
            ChangesBundle.write(repository, base, refs, temporary, limits.bundleBytes());
            FileTrees.publish(temporary, target);
            return target;
          } finally {
            FileTrees.delete(temporary);
          }
        });
  }

  private static Path temporary(Path target) {
    return target.resolveSibling("." + target.getFileName() + ".tmp");
  }
}
