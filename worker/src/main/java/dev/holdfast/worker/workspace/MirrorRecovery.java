package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, under the mirror's lock, whether a process died at work on it, and puts right what can
 * be put right without the remote. What is missing then is fetched as if it were new.
 */
final class MirrorRecovery {
  private static final Logger log = LoggerFactory.getLogger(MirrorRecovery.class);

  /** More names than this tell nothing more. */
  private static final int NAMED = 5;

  private final Path mirror;
  private final Path building;
  private final Journal journal;
  private final GitMetrics metrics;
  private final List<String> notes = new ArrayList<>();

  MirrorRecovery(Path mirror, Path building, Journal journal, GitMetrics metrics) {
    this.mirror = mirror;
    this.building = building;
    this.journal = journal;
    this.metrics = metrics;
  }

  /**
   * How the mirror is now, if it is there at all.
   *
   * @param notes what was found and done
   * @param damage what cannot be put right in place
   */
  record Finding(List<String> notes, Optional<String> damage) {}

  Finding look() throws IOException {
    Optional<Journal.Cut> cut = journal.cut();
    cut.ifPresent(found -> {
      metrics.cut(found);
      note("found the record of an operation that was cut off: " + found);
    });
    settleSuccessor(cut);
    if (!Files.exists(mirror)) {
      return new Finding(notes, Optional.empty());
    }
    List<String> swept = MirrorHealth.sweep(mirror);
    if (!swept.isEmpty()) {
      metrics.staleLocks(swept.size());
      note("removed %d leftovers that no living process holds: %s", swept.size(), some(swept));
    }
    Optional<String> damage = MirrorHealth.damage(mirror);
    if (damage.isEmpty() && (cut.isPresent() || !swept.isEmpty())) {
      damage = pruneBrokenRefs();
    }
    return new Finding(notes, damage);
  }

  /** A successor of the mirror is used only if it was complete: if it was about to be put there. */
  private void settleSuccessor(Optional<Journal.Cut> cut) throws IOException {
    if (!Files.exists(building)) {
      return;
    }
    boolean complete = cut.filter(found -> found.operation() == Journal.Operation.SWAP).isPresent();
    if (complete && !Files.exists(mirror)) {
      FileTrees.move(building, mirror);
      note("put the finished clone into its place");
    } else {
      FileTrees.delete(building);
      note("threw an unfinished clone away");
    }
  }

  private Optional<String> pruneBrokenRefs() {
    try (Repository repository = Mirror.open(mirror)) {
      List<String> broken = Connectivity.brokenRefs(repository);
      for (String name : broken) {
        RefUpdate update = repository.updateRef(name);
        update.setForceUpdate(true);
        RefUpdate.Result result = update.delete();
        if (result != RefUpdate.Result.FORCED) {
          return Optional.of("broken ref %s cannot be deleted: %s".formatted(name, result));
        }
      }
      if (broken.isEmpty()) {
        note("all refs lead to whole histories");
      } else {
        metrics.repaired();
        note("pruned %d refs with gaps in their history: %s", broken.size(), some(broken));
      }
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      // JGit throws unchecked exceptions for some malformed files.
      return Optional.of("its history cannot be read: " + e);
    }
  }

  private static String some(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    return names.size() > NAMED ? first + ", ..." : first;
  }

  private void note(String pattern, Object... parts) {
    String note =
        "mirror %s: %s"
            .formatted(
                mirror.getFileName(), parts.length == 0 ? pattern : pattern.formatted(parts));
    log.warn(note);
    notes.add(note);
  }
}
