package dev.holdfast.worker.agentfiles;

import dev.holdfast.runtime.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Lays one bundle into one workspace; begun anew after a crash, it goes on where it was. */
final class Laying {
  /** A bundle that is being replaced is tried again a few times. */
  private static final int TRIES = 3;

  /** What a crash leaves of a file that was being copied; no repository has such a name. */
  private static final String PARTIAL = ".holdfast-laying" + AtomicFile.TEMPORARY_SUFFIX;

  private final Path bundle;
  private final Path workspace;
  private final Journal journal;
  private final Steps steps;

  Laying(Path bundle, Path workspace, Journal journal, Steps steps) {
    this.bundle = bundle;
    this.workspace = workspace;
    this.journal = journal;
    this.steps = steps;
  }

  /** Called before each step that a crash could come before. */
  interface Steps {
    void next(String step);
  }

  /** What was laid, and what was not because the workspace has a file of its own there. */
  record Laid(List<String> files, List<String> leftOut) {}

  Laid lay() throws IOException, BundleRefused {
    for (int tried = 1; tried <= TRIES; tried++) {
      Manifest manifest = Manifest.of(bundle);
      Journal.Record before = journal.read();
      takeBackOthers(before, manifest);
      Set<String> ours = ours(before, manifest);
      steps.next("journal");
      journal.write(new Journal.Record(manifest, ours, false));
      var laid = new ArrayList<Manifest.Entry>();
      var leftOut = new ArrayList<String>();
      if (copyAll(manifest, laid, leftOut) && stillThere(laid)) {
        List<String> paths = laid.stream().map(Manifest.Entry::path).toList();
        steps.next("exclude");
        Excludes.write(workspace, paths);
        steps.next("complete");
        journal.write(new Journal.Record(manifest, ours, true));
        return new Laid(paths, List.copyOf(leftOut));
      }
    }
    throw BundleRefused.changing(bundle);
  }

  /** Removes what an earlier, interrupted copy has laid and this one will not. */
  private void takeBackOthers(Journal.Record before, Manifest manifest) throws IOException {
    Set<Manifest.Entry> wanted = Set.copyOf(manifest.files());
    for (Manifest.Entry entry : before.manifest().files()) {
      Path target = workspace.resolve(entry.path());
      if (before.ours().contains(entry.path()) && !behindALink(entry)) {
        steps.next("take back " + entry.path());
        Files.deleteIfExists(partial(target));
        if (!wanted.contains(entry) && entry.is(target)) {
          Files.delete(target);
        }
      }
    }
  }

  /** Where the workspace has nothing, or only what an interrupted copy has laid. */
  private Set<String> ours(Journal.Record before, Manifest manifest) {
    return manifest.files().stream()
        .map(Manifest.Entry::path)
        .filter(path ->
            before.ours().contains(path)
                || !Files.exists(workspace.resolve(path), LinkOption.NOFOLLOW_LINKS))
        .collect(Collectors.toSet());
  }

  /** False if a file is not what the manifest says: somebody is changing the bundle. */
  private boolean copyAll(Manifest manifest, List<Manifest.Entry> laid, List<String> leftOut)
      throws IOException, BundleRefused {
    for (Manifest.Entry entry : manifest.files()) {
      if (behindALink(entry)) {
        throw BundleRefused.unsafe(workspace, entry.path(), "lies behind a link");
      }
      Path target = workspace.resolve(entry.path());
      if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        if (!copy(entry, target)) {
          return false;
        }
        laid.add(entry);
      } else if (entry.is(target)) {
        laid.add(entry);
      } else {
        leftOut.add(entry.path());
      }
    }
    return true;
  }

  private boolean copy(Manifest.Entry entry, Path target) throws IOException {
    Path parent = target.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path partial = partial(target);
    try {
      steps.next("copy " + entry.path());
      Files.copy(
          bundle.resolve(entry.path()),
          partial,
          StandardCopyOption.REPLACE_EXISTING,
          LinkOption.NOFOLLOW_LINKS);
      if (!entry.is(partial)) {
        Files.delete(partial);
        return false;
      }
      Files.setPosixFilePermissions(
          partial, PosixFilePermissions.fromString(entry.executable() ? "rwxr-xr-x" : "rw-r--r--"));
      steps.next("name " + entry.path());
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (java.nio.file.NoSuchFileException e) {
      // Taken out of the bundle since the manifest was made.
      return false;
    }
  }

  /** Reads everything back. */
  private boolean stillThere(List<Manifest.Entry> laid) throws IOException {
    for (Manifest.Entry entry : laid) {
      if (!entry.is(workspace.resolve(entry.path()))) {
        return false;
      }
    }
    return true;
  }

  private static Path partial(Path target) {
    return target.resolveSibling(target.getFileName() + PARTIAL);
  }

  /** Whether a directory of the path is a link, or no directory, in the workspace. */
  private boolean behindALink(Manifest.Entry entry) {
    Path at = workspace;
    Path relative = Path.of(entry.path());
    for (int i = 0; i < relative.getNameCount() - 1; i++) {
      at = at.resolve(relative.getName(i));
      if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        return true;
      }
    }
    return false;
  }
}
