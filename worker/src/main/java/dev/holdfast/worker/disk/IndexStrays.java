package dev.holdfast.worker.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Indexes that were never completed: what has a hidden name that says so, or no manifest. Each lies
 * beside a lock file of its name, which its maker holds.
 */
public final class IndexStrays implements Stray.Finder {
  private static final List<String> HALF = List.of(".making-", ".trash-");
  private static final String MANIFEST = "manifest.json";

  private final Path indexes;
  private final Trash trash;
  private final LivingUse living = new LivingUse();

  public IndexStrays(Path indexes, Trash trash) {
    this.indexes = indexes;
    this.trash = trash;
  }

  @Override
  public List<Stray> find() throws IOException {
    var strays = new ArrayList<Stray>();
    for (Path repository : Entries.of(indexes)) {
      for (Path entry : Entries.of(repository)) {
        if (Entries.isDirectory(entry) && isHalfMade(entry)) {
          strays.add(PathStray.unless(this::made, "index-half-made", entry, trash::delete));
        }
      }
    }
    return strays;
  }

  private static boolean isHalfMade(Path entry) {
    return Entries.hidden(entry)
        ? HALF.stream().anyMatch(Entries.name(entry)::startsWith)
        : !Files.exists(entry.resolve(MANIFEST));
  }

  /** Whether somebody is at it. */
  private Optional<String> made(Path entry) throws IOException {
    return living.of(entry.resolveSibling(indexName(entry) + ".lock"));
  }

  private static String indexName(Path entry) {
    String name = Entries.name(entry);
    for (String prefix : HALF) {
      if (name.startsWith(prefix) && name.lastIndexOf('.') > prefix.length()) {
        return name.substring(prefix.length(), name.lastIndexOf('.'));
      }
    }
    return name;
  }
}
