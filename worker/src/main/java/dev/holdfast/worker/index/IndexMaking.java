package dev.holdfast.worker.index;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.runtime.file.Tree;
import dev.holdfast.worker.index.CodeIndex.Earlier;
import dev.holdfast.worker.index.CodeIndex.Made;
import dev.holdfast.worker.index.CodeIndex.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one index into its place, whole: checks what is there, sets aside what is damaged, makes
 * what is missing. Everything happens under the index's lock.
 */
final class IndexMaking {
  private static final Logger log = LoggerFactory.getLogger(IndexMaking.class);

  private final Inspection inspection;
  private final InstantSource clock;

  IndexMaking(Inspection inspection, InstantSource clock) {
    this.inspection = inspection;
    this.clock = clock;
  }

  /**
   * Makes sure that the index is there and fit for use.
   *
   * @return what had to be done
   * @throws IndexException if it cannot be had now
   */
  List<String> ensure(
      IndexPlace place, CodeIndex index, Path mirror, String commit, Patience patience)
      throws IOException, InterruptedException {
    try (BuildLock _ = BuildLock.take(place.lock(), patience)) {
      Hidden.deleteHalfMade(place);
      var notes = new ArrayList<String>();
      if (Files.exists(place.directory())) {
        Optional<Inspection.Damage> damage = inspection.damage(place.directory(), index, commit);
        if (damage.isEmpty()) {
          return List.of();
        }
        Path aside = setAside(place);
        notes.add("the index was damaged (" + damage.get().what() + ") and made again");
        log.warn("index {} is damaged: {}; kept in {}", place, damage.get().what(), aside);
      }
      Optional<Earlier> earlier =
          index.startsFromOthers() ? aside(place, index, commit) : Optional.empty();
      try (Neighbour neighbour =
          earlier.isEmpty() && index.startsFromOthers()
              ? Neighbour.of(place, index, inspection)
              : Neighbour.NONE) {
        var sources = new Sources(mirror, commit, earlier.or(neighbour::earlier));
        notes.addAll(make(place, index, sources, patience));
      }
      return notes;
    }
  }

  /**
   * What was set aside, now or when it could not be mended, may yet be mended: if it is known which
   * of its files are damaged, and thereby that the others are not.
   */
  private Optional<Earlier> aside(IndexPlace place, CodeIndex index, String commit)
      throws IOException {
    for (Path aside : Hidden.of(place, IndexPlace.DAMAGED)) {
      Optional<Inspection.Damage> damage = inspection.damage(aside, index, commit);
      if (damage.isEmpty() || !damage.get().files().isEmpty()) {
        List<String> files = damage.map(Inspection.Damage::files).orElse(List.of());
        return Optional.of(new Earlier(IndexPlace.data(aside), true, files));
      }
    }
    return Optional.empty();
  }

  private static Path setAside(IndexPlace place) throws IOException {
    Hidden.deleteOf(place, IndexPlace.DAMAGED);
    Path aside = place.hidden(IndexPlace.DAMAGED);
    Files.move(place.directory(), aside, StandardCopyOption.ATOMIC_MOVE);
    return aside;
  }

  private List<String> make(IndexPlace place, CodeIndex index, Sources sources, Patience patience)
      throws IOException, InterruptedException {
    Path making = Files.createDirectory(place.hidden(IndexPlace.MAKING));
    boolean complete = false;
    try {
      long begunNs = System.nanoTime();
      Path data = Files.createDirectory(IndexPlace.data(making));
      Made made = index.make(sources, data, patience);
      Optional<String> damage = index.damage(data, sources.commit());
      if (damage.isPresent()) {
        throw new IndexException(
            IndexException.Code.FAILED, "a newly made index is not fit for use: " + damage.get());
      }
      seal(making, index, sources.commit(), made);
      Files.move(making, place.directory(), StandardCopyOption.ATOMIC_MOVE);
      Tree.force(place.repository());
      complete = true;
      log.info(
          "made index {} in {} ms: {}",
          place,
          (System.nanoTime() - begunNs) / 1_000_000,
          made.counts());
      return made.notes();
    } finally {
      if (!complete) {
        Tree.delete(making);
      }
    }
  }

  private void seal(Path making, CodeIndex index, String commit, Made made) throws IOException {
    Path data = IndexPlace.data(making);
    var manifest =
        new Manifest(
            IndexPlace.name(index.kind()),
            commit,
            index.format(),
            made.tool(),
            clock.instant(),
            made.counts(),
            Fingerprints.facts(data));
    for (var file : manifest.files()) {
      Tree.force(data.resolve(file.path()));
    }
    Files.createFile(IndexPlace.lastUsed(making));
    AtomicFile.write(IndexPlace.manifest(making), Inspection.MANIFESTS.seal(manifest));
    Rights.readOnly(making);
  }
}
