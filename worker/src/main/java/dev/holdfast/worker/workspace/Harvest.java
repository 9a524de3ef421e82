package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of collecting one workspace: step by step, each step's failure a note. */
final class Harvest {
  private static final Logger log = LoggerFactory.getLogger(Harvest.class);

  private final Path workspaceDir;
  private final Path resultsDir;
  private final CollectLimits limits;
  private final GitMetrics metrics;
  private final InstantSource clock;
  private final Notes notes = new Notes();

  Harvest(
      Path workspaceDir,
      Path resultsDir,
      CollectLimits limits,
      GitMetrics metrics,
      InstantSource clock) {
    this.workspaceDir = workspaceDir;
    this.resultsDir = resultsDir;
    this.limits = limits;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** What is done with the final state. */
  private interface Use<T> {
    T of(PreparedWorkspace workspace, Shadow shadow, RevCommit base, FinalState state);
  }

  Collected run() {
    return over(
            List.of(Collected.DIFF_FILE, Collected.BUNDLE_FILE),
            (workspace, shadow, base, state) ->
                new Results(resultsDir, limits, notes).write(workspace, shadow, base, state))
        .orElseGet(() ->
            new Collected(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                notes.leftOut(),
                notes.all()));
  }

  SavedWork save(Optional<String> known) {
    return over(
            List.of(Collected.BUNDLE_FILE),
            (workspace, shadow, base, state) -> {
              String found = state.headCommit().orElse(base).name() + ":" + state.tree().name();
              boolean untouched = found.equals(base.name() + ":" + base.getTree().name());
              Optional<Path> bundle =
                  untouched || known.equals(Optional.of(found))
                      ? Optional.empty()
                      : new Results(resultsDir, limits, notes)
                          .bundle(shadow.repository(), workspace.workBranch(), base, state);
              return new SavedWork(
                  Optional.of(found), untouched, bundle, notes.leftOut(), notes.all());
            })
        .orElseGet(() ->
            new SavedWork(Optional.empty(), false, Optional.empty(), notes.leftOut(), notes.all()));
  }

  private <T> Optional<T> over(List<String> replaced, Use<T> use) {
    return notes
        .attempt(
            "workspace " + workspaceDir + " could not be collected", () -> collect(replaced, use))
        .flatMap(result -> result);
  }

  private <T> Optional<T> collect(List<String> replaced, Use<T> use) throws IOException {
    Files.createDirectories(resultsDir);
    for (String name : replaced) {
      Files.deleteIfExists(resultsDir.resolve(name));
    }
    if (!Files.isDirectory(workspaceDir, LinkOption.NOFOLLOW_LINKS)) {
      notes.leaveOut("no workspace left: " + workspaceDir + " is no directory");
      return Optional.empty();
    }
    Optional<PreparedWorkspace> prepared = ReadyMarker.read(workspaceDir);
    if (prepared.isEmpty()) {
      notes.leaveOut(
          ("%s is missing or damaged: the workspace was never complete,"
                  + " or its base commit is no longer known")
              .formatted(ReadyMarker.of(workspaceDir)));
      return Optional.empty();
    }
    Journal journal = new Journal(resultsDir.resolve(".journal"));
    Optional<Journal.Cut> cut = journal.cut();
    cut.ifPresent(found -> {
      metrics.cut(found);
      log.warn("{} was cut off; done again", found);
    });
    try (Journal.Entry _ =
        journal.begin(Journal.Operation.BUNDLE, workspaceDir.getFileName().toString())) {
      return collect(prepared.get(), use);
    }
  }

  private <T> Optional<T> collect(PreparedWorkspace workspace, Use<T> use) throws IOException {
    JobGitDir gitDir = new JobGitDir(workspaceDir);
    Optional<Path> objects = readableObjects(gitDir, workspace.mirror().resolve("objects"));
    try (Shadow shadow = Shadow.over(workspace, resultsDir.resolve(".collecting"), objects, notes);
        FinalState state = new FinalState(shadow, gitDir, notes)) {
      Optional<RevCommit> base =
          notes.attempt(
              "base commit %s cannot be read from mirror %s"
                  .formatted(workspace.baseCommit(), workspace.mirror()),
              () -> state.commit(ObjectId.fromString(workspace.baseCommit())));
      if (base.isEmpty()) {
        return Optional.empty();
      }
      state.read(base.get(), objects.isPresent(), limits.uncommittedBytes(), clock.instant());
      return Optional.of(use.of(workspace, shadow, base.get(), state));
    }
  }

  private Optional<Path> readableObjects(JobGitDir gitDir, Path mirrorObjects) throws IOException {
    if (!gitDir.exists()) {
      notes.leaveOut(
          "no git repository left in the workspace: commits made there are lost, its files are"
              + " compared with the base commit");
      return Optional.empty();
    }
    Optional<String> problem = gitDir.objectsProblem(mirrorObjects);
    problem.ifPresent(
        found -> notes.leaveOut("the workspace's git objects are not read (%s)".formatted(found)));
    return problem.isPresent() ? Optional.empty() : Optional.of(gitDir.objects());
  }
}
