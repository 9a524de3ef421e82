package dev.holdfast.worker.keep;

import static java.util.Objects.requireNonNull;

import dev.holdfast.worker.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Shelves the work in run directories that nobody holds: those that were set aside because they
 * could not be understood. A flipped byte in the assignment says nothing against the work tree.
 */
public record Rescue(Shelf shelf, Supplier<Workspaces> workspaces) {

  /** Returns once the work in there is safe elsewhere, or there is none. */
  public void workIn(Path directory) throws IOException {
    var leaving = new Shelf.Leaving(name(directory), directory);
    if (leaving.hasWork()) {
      shelf.keep(leaving, workspaces.get(), KeptState.of(directory).read());
    }
  }

  /** Unique on the shelf: {@code JOB-TOKEN}, or the name under which it was set aside. */
  private static String name(Path directory) {
    String name = directory.getFileName().toString();
    String parent = requireNonNull(directory.getParent()).getFileName().toString();
    return parent.startsWith(".") ? name : parent + "-" + name;
  }
}
