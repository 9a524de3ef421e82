package dev.holdfast.worker.disk;

import static java.util.Objects.requireNonNull;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.runtime.file.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that whoever wrote them had no time to rename or to delete: temporary files beside the
 * worker's own, shims of versions that nothing runs, and what is in the trash.
 */
public final class LooseFiles implements Stray.Finder {
  private final Path data;
  private final Path runs;
  private final Path shim;
  private final Trash trash;

  /**
   * Finds them.
   *
   * @param shim the binary that this worker starts
   */
  public LooseFiles(Path data, Path runs, Path shim, Trash trash) {
    this.data = data;
    this.runs = runs;
    this.shim = shim;
    this.trash = trash;
  }

  @Override
  public List<Stray> find() throws IOException {
    var strays = new ArrayList<Stray>();
    for (Path thing : trash.content()) {
      strays.add(PathStray.trash("trash", thing, Tree::delete));
    }
    addTemporary(strays, data);
    addTemporary(strays, data.resolve("sweep"));
    addTemporary(strays, data.resolve("mirrors"));
    for (Path job : Entries.of(runs)) {
      for (Path attempt : Entries.hidden(job) ? List.<Path>of() : Entries.of(job)) {
        addTemporary(strays, attempt);
      }
    }
    for (Path binary : Entries.of(requireNonNull(shim.toAbsolutePath().getParent()))) {
      if (!binary.toAbsolutePath().equals(shim.toAbsolutePath())) {
        strays.add(PathStray.of("shim-binary", binary, trash::delete));
      }
    }
    return strays;
  }

  private void addTemporary(List<Stray> strays, Path directory) throws IOException {
    if (!Entries.isDirectory(directory)) {
      return;
    }
    for (Path file : Entries.of(directory)) {
      if (Entries.name(file).endsWith(AtomicFile.TEMPORARY_SUFFIX) && !Entries.isDirectory(file)) {
        strays.add(PathStray.of("temporary-file", file, trash::delete));
      }
    }
  }
}
