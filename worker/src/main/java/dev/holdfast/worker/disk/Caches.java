package dev.holdfast.worker.disk;

import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.workspace.MirrorShelf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a worker keeps on its disk only to be faster, or for people to look at. */
public final class Caches {
  private Caches() {}

  /** One thing, by its path. */
  private record OfPath(Path path, Giving giving) implements Cache.Item {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public boolean giveUp() throws IOException, InterruptedException {
      return giving.giveUp(path);
    }
  }

  private interface Giving {
    boolean giveUp(Path path) throws IOException, InterruptedException;
  }

  private interface Listing {
    List<? extends Cache.Item> list() throws IOException;
  }

  private record Simple(String kind, Listing listing) implements Cache {
    @Override
    public List<? extends Item> longestUnusedFirst() throws IOException {
      return listing.list();
    }
  }

  /** Mirrors that no run directory needs. */
  public static Cache mirrors(MirrorShelf shelf, RunDirectories runs, Trash trash) {
    Giving removal =
        mirror ->
            shelf.remove(mirror, () -> RunReferences.read(runs).to(mirror).isEmpty(), trash::take);
    return new Simple(
        "mirror",
        () -> shelf.all().stream().map(kept -> new OfPath(kept.directory(), removal)).toList());
  }

  /**
   * Workspaces of attempts whose outcome is written down with all results, and is only waiting to
   * be accepted.
   */
  public static Cache finishedWork(RunDirectories runs, Trash trash) {
    return new Simple(
        "finished-work",
        () -> {
          var finished = new ArrayList<OfPath>();
          for (RunDirectory run : runs.peek()) {
            if (Files.exists(run.work()) && isCollected(run)) {
              finished.add(new OfPath(run.work(), work -> give(work, trash)));
            }
          }
          return finished;
        });
  }

  private static boolean isCollected(RunDirectory run) throws IOException {
    return run.conclusion()
        .filter(WorkerReport.Ended.class::isInstance)
        .map(WorkerReport.Ended.class::cast)
        .filter(ended -> run.facts().assigned().spec().repository() == null || isWhole(ended))
        .isPresent();
  }

  /** Without a note that says what could not be collected. */
  private static boolean isWhole(WorkerReport.Ended ended) {
    var result = ended.result();
    return result != null && result.changes() != null && result.changes().note().isEmpty();
  }

  /**
   * Run directories and mirrors that were damaged, and are kept for people: they go last, and the
   * work of a job not at all.
   */
  public static Cache evidence(
      RunDirectories runs, MirrorShelf shelf, RunStrays.Rescue rescue, Trash trash) {
    return new Simple(
        "evidence",
        () -> {
          var evidence = new ArrayList<OfPath>();
          for (Path mirror : Entries.of(shelf.damaged())) {
            evidence.add(new OfPath(mirror, thing -> give(thing, trash)));
          }
          for (Path run : Entries.of(runs.damaged())) {
            evidence.add(new OfPath(run, thing -> giveRescued(thing, rescue, trash)));
          }
          evidence.sort(Comparator.comparing(item -> changed(item.path())));
          return evidence;
        });
  }

  private static boolean giveRescued(Path run, RunStrays.Rescue rescue, Trash trash)
      throws IOException {
    if (new LivingUse().of(run).isPresent()) {
      return false;
    }
    rescue.workIn(run);
    return give(run, trash);
  }

  private static Instant changed(Path path) {
    try {
      return Files.getLastModifiedTime(path).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH;
    }
  }

  private static boolean give(Path thing, Trash trash) throws IOException {
    if (new LivingUse().of(thing).isPresent()) {
      return false;
    }
    trash.delete(thing);
    return true;
  }
}
