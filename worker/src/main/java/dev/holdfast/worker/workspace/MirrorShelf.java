package dev.holdfast.worker.workspace;

import dev.holdfast.runtime.file.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.util.FS;

/**
 * All mirrors on the disk, for whoever has to make room there or to keep them small. Everything is
 * done under the mirror's lock, and only to a mirror that nothing living needs: what needs it later
 * waits for the lock, and finds it compacted or gone.
 */
public final class MirrorShelf {
  /** More than this, and every object costs a search through many files. */
  private static final int MOST_PACKS = 20;

  private static final int MOST_LOOSE_OBJECTS = 2000;
  private static final String MIRROR = ".git";
  private static final String BUILDING = ".git.building";

  private final Path directory;
  private final int mostPacks;
  private final int mostLooseObjects;

  public MirrorShelf(Path directory) {
    this(directory, MOST_PACKS, MOST_LOOSE_OBJECTS);
  }

  /** With limits of a test's own. */
  MirrorShelf(Path directory, int mostPacks, int mostLooseObjects) {
    this.directory = directory;
    this.mostPacks = mostPacks;
    this.mostLooseObjects = mostLooseObjects;
  }

  /** Whether nothing living needs a mirror; asked under its lock. */
  public interface Unneeded {
    boolean now() throws IOException;
  }

  /** Takes a directory out of sight; answers where it is then. */
  public interface Trash {
    Path take(Path mirror) throws IOException;
  }

  /**
   * A complete mirror.
   *
   * @param lastUsed when an attempt last asked for it
   */
  public record Shelved(Path directory, Instant lastUsed) {}

  /** Complete mirrors, the longest unused first. */
  public List<Shelved> all() throws IOException {
    var shelved = new ArrayList<Shelved>();
    for (Path entry : entries(directory)) {
      if (named(entry, MIRROR) && isComplete(entry)) {
        shelved.add(new Shelved(entry, lastUsed(entry)));
      }
    }
    shelved.sort(Comparator.comparing(Shelved::lastUsed));
    return shelved;
  }

  /** What was to become a mirror, and is not one. */
  public List<Path> incomplete() throws IOException {
    return entries(directory).stream()
        .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
        .filter(entry -> named(entry, BUILDING) || (named(entry, MIRROR) && !isComplete(entry)))
        .toList();
  }

  /** Where damaged mirrors are kept for people. */
  public Path damaged() {
    return directory.resolve("damaged");
  }

  private static boolean named(Path entry, String suffix) {
    return entry.getFileName().toString().endsWith(suffix);
  }

  private static boolean isComplete(Path entry) {
    return Files.isRegularFile(entry.resolve("HEAD"));
  }

  private static Instant lastUsed(Path mirror) throws IOException {
    try {
      return Files.getLastModifiedTime(useOf(mirror)).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.EPOCH;
    }
  }

  /**
   * Notes that a mirror is used now, in a file of its own: whoever opens and closes the lock file,
   * as the change of its time does, gives up all locks of this process on it.
   */
  static void used(Path mirror) throws IOException {
    Path file = useOf(mirror);
    if (!Files.exists(file)) {
      Files.writeString(file, "");
    }
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
  }

  private static Path useOf(Path mirror) {
    return mirror.resolveSibling(mirror.getFileName() + ".used");
  }

  static Path lockOf(Path mirror) {
    String name = mirror.getFileName().toString();
    String owner = name.substring(0, name.lastIndexOf(MIRROR) + MIRROR.length());
    return mirror.resolveSibling(owner + ".lock");
  }

  /** Removes a mirror, unless it is needed or worked on just now; answers whether it did. */
  public boolean remove(Path mirror, Unneeded unneeded, Trash trash) throws IOException {
    Path gone;
    try (MirrorLock _ = MirrorLock.take(lockOf(mirror), () -> true)) {
      if (!unneeded.now() || !Files.exists(mirror)) {
        return !Files.exists(mirror);
      }
      gone = trash.take(mirror);
      Files.deleteIfExists(useOf(mirror));
      RepositoryCache.unregister(RepositoryCache.FileKey.exact(mirror.toFile(), FS.DETECTED));
    } catch (WorkspaceException locked) {
      return false;
    }
    Tree.delete(gone);
    return true;
  }

  /**
   * Packs a mirror that has become many small files, and drops what no ref leads to. Living clones
   * borrow objects that their mirror's refs may not reach any more, so only a mirror without any is
   * touched.
   *
   * @return whether there was something to do, and it was done
   */
  public boolean compact(Path mirror, Unneeded unneeded) throws IOException {
    if (!isScattered(mirror)) {
      return false;
    }
    try (MirrorLock _ = MirrorLock.take(lockOf(mirror), () -> true)) {
      if (!unneeded.now() || !isComplete(mirror)) {
        return false;
      }
      try (Repository repository = Mirror.open(mirror);
          Git git = new Git(repository)) {
        // Of this object only, never saved: what nobody needs need not be kept for a while either.
        repository.getConfig().setString("gc", null, "prunePackExpire", "now");
        git.gc().setExpire(Instant.now()).call();
        return true;
      } catch (GitAPIException e) {
        throw new IOException("cannot compact mirror " + mirror, e);
      }
    } catch (WorkspaceException locked) {
      return false;
    }
  }

  private boolean isScattered(Path mirror) throws IOException {
    Path objects = mirror.resolve("objects");
    if (entries(objects.resolve("pack")).stream().filter(file -> named(file, ".pack")).count()
        > mostPacks) {
      return true;
    }
    int loose = 0;
    for (Path fan : entries(objects)) {
      if (fan.getFileName().toString().length() == 2) {
        loose += entries(fan).size();
      }
    }
    return loose > mostLooseObjects;
  }

  private static List<Path> entries(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }
}
