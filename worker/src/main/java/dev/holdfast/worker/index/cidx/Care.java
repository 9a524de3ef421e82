package dev.holdfast.worker.index.cidx;

import dev.holdfast.runtime.file.Tree;
import dev.holdfast.worker.index.IndexException;
import dev.holdfast.worker.index.IndexException.Code;
import dev.holdfast.worker.index.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings the index of one project into order: looks, tries the cheapest remedy not yet tried for
 * the first thing that is wrong, and looks again. Belongs to one thread.
 */
final class Care {
  private final Cidx cidx;
  private final Path project;
  private final Path store;
  private final Heartbeat heartbeat;
  private final List<String> damaged;
  private final Set<Remedy> tried = EnumSet.noneOf(Remedy.class);
  private final List<String> notes = new ArrayList<>();

  /**
   * For the index in a project's directory.
   *
   * @param damaged paths in the store that are known not to be what they were
   */
  Care(Cidx cidx, Path project, List<String> damaged, InstantSource clock) {
    this.cidx = cidx;
    this.project = project;
    this.store = project.resolve(StoreFiles.STORE);
    this.heartbeat = new Heartbeat(store, clock);
    this.damaged = new ArrayList<>(damaged);
  }

  /** Makes an index where there is none. */
  List<String> make(Patience patience) throws IOException, InterruptedException {
    require(Remedy.INIT, patience);
    return mend(patience);
  }

  /** Mends an index that was copied here and is of this very commit. */
  List<String> repair(Patience patience) throws IOException, InterruptedException {
    heartbeat.awaitSilence(patience);
    attempt(Remedy.FIX_CONFIG, patience);
    return mend(patience);
  }

  /** Takes an index that was copied here from another commit to this one. */
  List<String> update(Patience patience) throws IOException, InterruptedException {
    repair(patience);
    require(Remedy.RECONCILE, patience);
    return mend(patience);
  }

  private List<String> mend(Patience patience) throws IOException, InterruptedException {
    for (Optional<Finding> wrong = first(); wrong.isPresent(); wrong = first()) {
      Finding finding = wrong.get();
      Remedy remedy =
          finding.remedies().stream()
              .filter(candidate -> !tried.contains(candidate))
              .findFirst()
              .orElseThrow(() ->
                  new IndexException(
                      Code.FAILED, "the cidx index could not be mended: " + finding.explanation()));
      carryOut(finding, remedy, patience);
    }
    return notes;
  }

  private Optional<Finding> first() throws IOException {
    Set<Finding> findings = EnumSet.noneOf(Finding.class);
    findings.addAll(Diagnosis.of(store, Optional.of(project)));
    damaged.forEach(path -> findings.add(Finding.ofDamaged(path)));
    return findings.stream().findFirst();
  }

  private void carryOut(Finding finding, Remedy remedy, Patience patience)
      throws IOException, InterruptedException {
    switch (remedy) {
      case LEAVE_OUT -> {
        tried.add(remedy);
        leaveOut(finding);
      }
      case FIX_CONFIG, REBUILD_FULL_TEXT -> attempt(remedy, patience);
      case INIT -> {
        // With damaged settings in place it would believe itself initialised.
        Files.deleteIfExists(store.resolve(StoreFiles.CONFIG));
        require(remedy, patience);
      }
      case RESUME, RECONCILE, REBUILD_GRAPH, RE_EMBED -> require(remedy, patience);
    }
    damaged.removeIf(path -> Finding.ofDamaged(path).remedies().contains(remedy));
  }

  private void leaveOut(Finding finding) throws IOException {
    notes.add(finding.explanation() + ": left out");
    if (finding == Finding.FULL_TEXT) {
      Tree.delete(store.resolve(StoreFiles.FULL_TEXT));
      return;
    }
    Tree.delete(store.resolve(StoreFiles.NAVIGATION));
    Path index = store.resolve(StoreFiles.INDEX);
    if (Files.isDirectory(index)) {
      try (var histories = Files.newDirectoryStream(index, StoreFiles.HISTORY + "*")) {
        for (Path history : histories) {
          Tree.delete(history);
        }
      }
    }
  }

  /** Whether it helped is seen afterwards. */
  private Cidx.Ran attempt(Remedy remedy, Patience patience)
      throws IOException, InterruptedException {
    tried.add(remedy);
    heartbeat.awaitSilence(patience);
    return cidx.run(project, remedy, patience);
  }

  /**
   * Without it nothing goes on. The command's failure is no finding: the service may be away, and
   * then the index is as good as it was.
   */
  private void require(Remedy remedy, Patience patience) throws IOException, InterruptedException {
    Cidx.Ran ran = attempt(remedy, patience);
    if (!ran.succeeded()) {
      throw cidx.failure(remedy.arguments(), ran);
    }
  }
}
