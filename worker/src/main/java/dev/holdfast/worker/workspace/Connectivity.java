package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.ObjectWalk;

/**
 * Whether all that a ref leads to is there, as {@code git fsck --connectivity-only} asks: commits
 * and trees are read, files only looked up. It reads the whole history, so it is asked only after a
 * process died.
 */
final class Connectivity {

  private Connectivity() {}

  /** The refs that lead to something missing. Damaged objects are the caller's, as exceptions. */
  static List<String> brokenRefs(Repository repository) throws IOException {
    Collection<Ref> refs = repository.getRefDatabase().getRefs();
    List<Ref> targets = refs.stream().filter(ref -> ref.getObjectId() != null).toList();
    if (gap(repository, targets).isEmpty()) {
      return List.of();
    }
    List<String> broken = new ArrayList<>();
    for (Ref ref : targets) {
      if (!ref.isSymbolic() && gap(repository, List.of(ref)).isPresent()) {
        broken.add(ref.getName());
      }
    }
    return broken;
  }

  private static Optional<String> gap(Repository repository, List<Ref> refs) throws IOException {
    try (ObjectWalk walk = new ObjectWalk(repository)) {
      for (Ref ref : refs) {
        walk.markStart(walk.parseAny(ref.getObjectId()));
      }
      walk.checkConnectivity();
      return Optional.empty();
    } catch (MissingObjectException e) {
      return Optional.of(e.getObjectId().name());
    }
  }
}
