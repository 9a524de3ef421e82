package dev.holdfast.worker.index;

import dev.holdfast.schemas.InvalidField;
import dev.holdfast.worker.index.Fingerprints.Stamp;
import dev.holdfast.worker.index.Manifest.FileFact;
import dev.holdfast.worker.run.SealedJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Tells whether a complete index is still what it was made to be. */
final class Inspection {
  static final SealedJson<Manifest> MANIFESTS = new SealedJson<>(Manifest.class);

  /**
   * Disks rot without the kernel noticing, so that a comparison in full is not believed for ever.
   */
  private static final long TRUSTED_FOR_NS = Duration.ofMinutes(10).toNanos();

  private static final int NAMED_AT_MOST = 5;

  private final Map<Path, Trust> trusted = new ConcurrentHashMap<>();

  /** The files as they were when all was compared. */
  private record Trust(SortedMap<String, Stamp> stamps, long sinceNs) {
    boolean covers(SortedMap<String, Stamp> now) {
      return System.nanoTime() - sinceNs < TRUSTED_FOR_NS && stamps.equals(now);
    }
  }

  /**
   * What was found.
   *
   * @param files which of the index's own files are not what they were; none if that is unknown
   */
  record Damage(String what, List<String> files) {
    Damage(String what) {
      this(what, List.of());
    }
  }

  /** What is wrong with the index of this commit; empty if it may be used. */
  Optional<Damage> damage(Path directory, CodeIndex index, String commit) throws IOException {
    Optional<Damage> damage;
    try {
      SortedMap<String, Stamp> stamps = Fingerprints.stamps(directory);
      // When it was last used is no part of what it is.
      String marker = IndexPlace.lastUsed(directory).getFileName().toString();
      if (stamps.remove(marker) == null) {
        return Optional.of(new Damage("its marker " + marker + " is gone"));
      }
      Trust trust = trusted.get(directory);
      if (trust != null && trust.covers(stamps)) {
        return Optional.empty();
      }
      damage = compare(directory, index, commit);
      if (damage.isEmpty()) {
        trusted.put(directory, new Trust(stamps, System.nanoTime()));
        return damage;
      }
    } catch (NoSuchFileException e) {
      damage = Optional.of(new Damage("file vanished: " + e.getMessage()));
    }
    trusted.remove(directory);
    return damage;
  }

  private static Optional<Damage> compare(Path directory, CodeIndex index, String commit)
      throws IOException {
    Path file = IndexPlace.manifest(directory);
    Manifest manifest;
    try {
      manifest = MANIFESTS.open(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.of(new Damage("it has no manifest"));
    } catch (InvalidField e) {
      return Optional.of(new Damage("its manifest " + e.problem()));
    }
    if (!manifest.kind().equals(IndexPlace.name(index.kind()))
        || !manifest.commit().equals(commit)) {
      return Optional.of(
          new Damage(
              "it is the %s index of commit %s, not of %s"
                  .formatted(manifest.kind(), manifest.commit(), commit)));
    }
    if (!manifest.format().equals(index.format())) {
      return Optional.of(
          new Damage("it has format %s, not %s".formatted(manifest.format(), index.format())));
    }
    List<String> changed = changed(manifest.files(), IndexPlace.data(directory));
    if (!changed.isEmpty()) {
      return Optional.of(
          new Damage(
              "%d of its %d files are not what they were: %s"
                  .formatted(
                      changed.size(),
                      manifest.files().size(),
                      String.join(
                          ", ", changed.subList(0, Math.min(NAMED_AT_MOST, changed.size())))),
              changed));
    }
    return index.damage(IndexPlace.data(directory), commit).map(Damage::new);
  }

  /** Files that are missing, have another content, or were never part of the index. */
  private static List<String> changed(List<FileFact> expected, Path data) throws IOException {
    if (!Files.isDirectory(data)) {
      return expected.stream().map(FileFact::path).toList();
    }
    var surplus = new TreeSet<>(Fingerprints.stamps(data).keySet());
    var changed = new ArrayList<String>();
    for (FileFact fact : expected) {
      Path file = data.resolve(fact.path());
      if (!surplus.remove(fact.path())
          || Files.size(file) != fact.bytes()
          || !Fingerprints.fact(data, file).equals(fact)) {
        changed.add(fact.path());
      }
    }
    changed.addAll(surplus);
    return changed;
  }
}
