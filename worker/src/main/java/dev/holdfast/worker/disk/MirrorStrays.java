package dev.holdfast.worker.disk;

import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.workspace.MirrorShelf;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Mirrors that were never completed, and damaged ones that were kept for people long enough. */
public final class MirrorStrays implements Stray.Finder {
  private static final Duration EVIDENCE_KEPT = Duration.ofDays(7);

  private final MirrorShelf shelf;
  private final RunDirectories runs;
  private final Trash trash;
  private final InstantSource clock;

  public MirrorStrays(MirrorShelf shelf, RunDirectories runs, Trash trash, InstantSource clock) {
    this.shelf = shelf;
    this.runs = runs;
    this.trash = trash;
    this.clock = clock;
  }

  @Override
  public List<Stray> find() throws IOException {
    var strays = new ArrayList<Stray>();
    for (Path half : shelf.incomplete()) {
      strays.add(PathStray.unless(this::neededBy, "mirror-half-made", half, this::remove));
    }
    for (Path damaged : Entries.of(shelf.damaged())) {
      if (Entries.olderThan(damaged, EVIDENCE_KEPT, clock.instant())) {
        strays.add(PathStray.of("mirror-damaged", damaged, trash::delete));
      }
    }
    return strays;
  }

  private Optional<String> neededBy(Path mirror) throws IOException {
    return RunReferences.read(runs).to(mirror);
  }

  private void remove(Path mirror) throws IOException {
    if (!shelf.remove(mirror, () -> neededBy(mirror).isEmpty(), trash::take)) {
      throw new IOException("it is in use by now");
    }
  }
}
