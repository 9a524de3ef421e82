package dev.holdfast.worker.workspace;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.util.FS;

/** All mirrors of a worker, one directory each, each written only under its lock. */
final class Mirrors {

  private final Path directory;
  private final Remote remote;
  private final GitMetrics metrics;

  Mirrors(Path directory, Remote remote, GitMetrics metrics) {
    this.directory = directory;
    this.remote = remote;
    this.metrics = metrics;
  }

  /** The asked commit, now present in the mirror; the notes say what had to be repaired. */
  record Found(Path mirror, Optional<String> ref, ObjectId commit, List<String> notes) {

    /** With what was noted before. */
    Found after(List<String> earlier) {
      List<String> all = new ArrayList<>(earlier);
      all.addAll(notes);
      return new Found(mirror, ref, commit, List.copyOf(all));
    }
  }

  /** Brings the asked commit into the mirror, which is made or repaired if need be. */
  Found bring(RemoteUrl url, Optional<String> asked, BooleanSupplier cancelled) throws IOException {
    Path mirror = mirror(url);
    Files.createDirectories(directory);
    try (MirrorLock _ = MirrorLock.take(beside(mirror, ".lock"), cancelled)) {
      MirrorShelf.used(mirror);
      Journal journal = journal(mirror);
      MirrorRecovery.Finding finding =
          new MirrorRecovery(mirror, building(mirror), journal, metrics).look();
      if (finding.damage().isPresent()) {
        return replace(mirror, url, asked, finding.damage().get(), cancelled)
            .after(finding.notes());
      }
      journal.clear();
      if (!Files.exists(mirror)) {
        FileTrees.move(build(mirror, url, asked, cancelled), mirror);
        journal.clear();
      }
      return find(mirror, url, asked, cancelled).after(finding.notes());
    }
  }

  /** Clones a mirror anew that turned out to be damaged when its objects were used. */
  Found renew(RemoteUrl url, Optional<String> asked, String damage, BooleanSupplier cancelled)
      throws IOException {
    Path mirror = mirror(url);
    try (MirrorLock _ = MirrorLock.take(beside(mirror, ".lock"), cancelled)) {
      return replace(mirror, url, asked, damage, cancelled);
    }
  }

  private Path mirror(RemoteUrl url) {
    return directory.resolve(url.mirrorName());
  }

  private static Path beside(Path mirror, String suffix) {
    return mirror.resolveSibling(mirror.getFileName() + suffix);
  }

  private static Path building(Path mirror) {
    return beside(mirror, ".building");
  }

  private static Journal journal(Path mirror) {
    return new Journal(beside(mirror, ".journal"));
  }

  /**
   * The old mirror stays in place until the new one is complete: living clones borrow what is still
   * good in it, and while the remote is unreachable it is all there is.
   */
  private Found replace(
      Path mirror, RemoteUrl url, Optional<String> asked, String damage, BooleanSupplier cancelled)
      throws IOException {
    Path fresh = build(mirror, url, asked, cancelled);
    Path aside =
        Files.createDirectories(directory.resolve("damaged")).resolve(mirror.getFileName());
    FileTrees.delete(aside);
    try (Journal.Entry _ = journal(mirror).begin(Journal.Operation.SWAP, url.toString())) {
      if (Files.exists(mirror)) {
        FileTrees.move(mirror, aside);
      }
      FileTrees.move(fresh, mirror);
    }
    metrics.recloned();
    RepositoryCache.unregister(RepositoryCache.FileKey.exact(mirror.toFile(), FS.DETECTED));
    String note =
        "mirror of %s was damaged (%s): cloned anew, the old one is kept in %s"
            .formatted(url, damage, aside);
    return find(mirror, url, asked, cancelled).after(List.of(note));
  }

  /** Its record stays until the clone is in its place, or is deleted again. */
  private Path build(Path mirror, RemoteUrl url, Optional<String> asked, BooleanSupplier cancelled)
      throws IOException {
    Path building = building(mirror);
    FileTrees.delete(building);
    boolean complete = false;
    Journal journal = journal(mirror);
    Journal.Entry entry = journal.begin(Journal.Operation.CLONE, url.toString());
    try {
      Mirror.create(building, url);
      try (Repository repository = Mirror.open(building)) {
        Map<String, Ref> shown = shown(repository, url, cancelled);
        remote.fetch(repository, url, Mirror.missing(repository, shown, asked), cancelled);
      }
      complete = true;
      return building;
    } finally {
      if (!complete) {
        FileTrees.delete(building);
        entry.close();
      }
    }
  }

  private Found find(Path mirror, RemoteUrl url, Optional<String> asked, BooleanSupplier cancelled)
      throws IOException {
    try (Repository repository = Mirror.open(mirror)) {
      Optional<ObjectId> fullId = asked.filter(ObjectId::isId).map(ObjectId::fromString);
      if (fullId.isPresent() && repository.getObjectDatabase().has(fullId.get())) {
        return found(mirror, new AskedRef(repository, url, Map.of()).resolve(asked));
      }
      Map<String, Ref> shown = shown(repository, url, cancelled);
      List<RefSpec> missing = Mirror.missing(repository, shown, asked);
      if (!missing.isEmpty()) {
        fetch(mirror, repository, url, missing, cancelled);
      }
      if (fullId.isPresent()
          && !repository.getObjectDatabase().has(fullId.get())
          && remote.mayHave(url, fullId.get())) {
        fetchUnadvertised(mirror, repository, url, fullId.get(), cancelled);
      }
      return found(mirror, new AskedRef(repository, url, shown).resolve(asked));
    }
  }

  private static Found found(Path mirror, AskedRef.Resolved resolved) {
    return new Found(mirror, resolved.ref(), resolved.commit(), List.of());
  }

  private void fetch(
      Path mirror,
      Repository repository,
      RemoteUrl url,
      List<RefSpec> refspecs,
      BooleanSupplier cancelled)
      throws IOException {
    try (Journal.Entry _ = journal(mirror).begin(Journal.Operation.FETCH, url.toString())) {
      remote.fetch(repository, url, refspecs, cancelled);
    }
  }

  private Map<String, Ref> shown(Repository repository, RemoteUrl url, BooleanSupplier cancelled) {
    Map<String, Ref> shown = remote.refs(repository, url, cancelled);
    if (shown.isEmpty()) {
      throw new WorkspaceException(
          Code.REPOSITORY_EMPTY,
          ("Repository %s is empty: it has no branch and no commit to start from."
                  + " Push a first commit to it.")
              .formatted(url),
          null);
    }
    return shown;
  }

  /** A commit on no branch: many servers give it to who knows its id, some refuse. */
  private void fetchUnadvertised(
      Path mirror, Repository repository, RemoteUrl url, ObjectId id, BooleanSupplier cancelled)
      throws IOException {
    RefSpec byId = new RefSpec("+" + id.name() + ":refs/holdfast/commits/" + id.name());
    try {
      fetch(mirror, repository, url, List.of(byId), cancelled);
    } catch (WorkspaceException e) {
      if (e.code() == Code.CANCELLED || e.code() == Code.WORKSPACE_IO) {
        throw e;
      }
      // Refused; what is missing is then named with the refs that do exist.
    }
  }
}
