package dev.holdfast.worker.container;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.worker.run.SealedJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which images this worker has pulled for its jobs, and when each was last used: the file {@code
 * images-pulled}. What is not in it is somebody else's. An image is noted before its pull begins,
 * and forgotten after it is gone. A file that cannot be believed is set aside: what it named is
 * left to people. Guarded by this object's monitor.
 */
final class PulledImages {
  private static final Logger log = LoggerFactory.getLogger(PulledImages.class);
  private static final SealedJson<Noted> NOTED = new SealedJson<>(Noted.class);

  /** A use is noted no more often: the file is forced to disk each time. */
  private static final Duration EXACT_ENOUGH = Duration.ofMinutes(1);

  private final Path file;
  private final InstantSource clock;
  private final TreeMap<String, Pulled> pulled = new TreeMap<>();

  private PulledImages(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * An image.
   *
   * @param reference by which it was pulled; its id, if the reference means another one by now
   * @param id empty until its pull is known to be over: the engine did not have it when that began
   */
  record Pulled(String reference, String id, Instant lastUsed) {}

  /** All of them, as the file has them. */
  record Noted(List<Pulled> images) {}

  static PulledImages in(Path file, InstantSource clock) {
    var images = new PulledImages(file, clock);
    try {
      NOTED
          .open(Files.readAllBytes(file))
          .images()
          .forEach(one -> images.pulled.put(one.reference(), one));
    } catch (NoSuchFileException e) {
      log.debug("{} is not there: no image was pulled yet", file);
    } catch (IOException | InvalidField e) {
      images.setAside(e);
    }
    return images;
  }

  private void setAside(Exception why) {
    log.warn("{} cannot be read, the images in it are left to people: {}", file, why.toString());
    try {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".damaged." + System.nanoTime()),
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      log.debug("cannot set {} aside: {}", file, e.toString());
    }
  }

  /** The longest unused first. */
  synchronized List<Pulled> all() {
    return pulled.values().stream().sorted(Comparator.comparing(Pulled::lastUsed)).toList();
  }

  synchronized Optional<Pulled> of(String reference) {
    return Optional.ofNullable(pulled.get(reference));
  }

  /** A job is about to use it, whosever it is. */
  synchronized void used(String reference) {
    Pulled known = pulled.get(reference);
    Instant now = clock.instant();
    if (known != null && known.lastUsed().plus(EXACT_ENOUGH).isBefore(now)) {
      put(new Pulled(reference, known.id(), now));
    }
  }

  /** A pull of what the engine does not have is about to begin. */
  synchronized void pulling(String reference) {
    put(new Pulled(reference, "", clock.instant()));
  }

  /**
   * A pull is over.
   *
   * @param before what the reference meant before, if anything
   * @param after what it means now
   */
  synchronized void pulled(String reference, Optional<String> before, String after) {
    Pulled known = pulled.get(reference);
    if (before.isPresent() && before.get().equals(after)) {
      return; // whosever it was, it still is
    }
    if (known != null && before.isPresent() && known.id().equals(before.get())) {
      pulled.put(known.id(), new Pulled(known.id(), known.id(), known.lastUsed()));
    }
    put(new Pulled(reference, after, clock.instant()));
  }

  /** A pull brought nothing, and cannot have. */
  synchronized void refused(String reference) {
    if (of(reference).filter(image -> image.id().isEmpty()).isPresent()) {
      forget(reference);
    }
  }

  synchronized void forget(String reference) {
    if (pulled.remove(reference) != null) {
      write();
    }
  }

  private void put(Pulled image) {
    pulled.put(image.reference(), image);
    write();
  }

  private void write() {
    try {
      AtomicFile.write(file, NOTED.seal(new Noted(new ArrayList<>(pulled.values()))));
    } catch (IOException e) {
      // Its worst: after a kill an image is left to people, or looked for in vain.
      log.warn("cannot write {}: {}", file, e.toString());
    }
  }
}
