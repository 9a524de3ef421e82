package dev.holdfast.worker.disk;

import dev.holdfast.runtime.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What attempts over a repository took up on this worker when they ended, and what its mirror did:
 * the newest few of each. The file is a memory aid: a damaged one is set aside and begun anew, and
 * a write that fails costs a worse guess. Guarded by this object's monitor.
 */
final class History {
  private static final Logger log = LoggerFactory.getLogger(History.class);
  private static final int REMEMBERED = 8;
  private static final int MOST_NAMES = 2000;
  private static final String SEAL = "crc32c ";

  private final Path file;
  private final Map<String, Deque<Footprint>> footprints = new LinkedHashMap<>();
  private boolean closed;

  private History(Path file) {
    this.file = file;
  }

  static History open(Path file) {
    var history = new History(file);
    try {
      history.read(Files.readString(file));
    } catch (NoSuchFileException e) {
      log.debug("{} is not there: nothing is known of any repository yet", file);
    } catch (IOException | IllegalArgumentException e) {
      history.footprints.clear();
      history.setAside(e);
    }
    return history;
  }

  /** The most that one of the last attempts took. */
  synchronized Optional<Footprint> most(String repository) {
    Deque<Footprint> known = footprints.get(repository);
    return known == null ? Optional.empty() : known.stream().reduce(Footprint::or);
  }

  synchronized void learn(String repository, Footprint footprint) {
    Optional<Footprint> before = most(repository);
    // Taken out and put in again: the map is in order of use, and forgets what is used least.
    Deque<Footprint> known = footprints.remove(repository);
    known = known == null ? new ArrayDeque<>() : known;
    known.addLast(footprint);
    if (known.size() > REMEMBERED) {
      known.removeFirst();
    }
    footprints.put(repository, known);
    if (footprints.size() > MOST_NAMES) {
      footprints.remove(footprints.keySet().iterator().next());
    }
    if (!before.equals(most(repository)) && !closed) {
      write();
    }
  }

  /** Nothing is written from now on: the directory may be another worker's, or gone. */
  synchronized void close() {
    closed = true;
  }

  private void write() {
    var text = new StringBuilder();
    footprints.forEach((repository, known) ->
        known.forEach(one ->
            text.append(repository)
                .append(' ')
                .append(one.bytes())
                .append(' ')
                .append(one.inodes())
                .append('\n')));
    try {
      AtomicFile.write(file, text + SEAL + sum(text.toString()) + "\n");
    } catch (IOException e) {
      log.debug("cannot write {}: {}", file, e.toString());
    }
  }

  private void read(String text) {
    int seal = text.lastIndexOf(SEAL);
    String body = text.substring(0, Math.max(0, seal));
    if (seal < 0 || !text.substring(seal).equals(SEAL + sum(body) + "\n")) {
      throw new IllegalArgumentException("it does not match its checksum");
    }
    body.lines()
        .map(line -> line.split(" "))
        .forEach(words ->
            footprints
                .computeIfAbsent(words[0], name -> new ArrayDeque<>())
                .addLast(new Footprint(Long.parseLong(words[1]), Long.parseLong(words[2]))));
  }

  private void setAside(Exception why) {
    log.warn("{} cannot be understood, sizes are learned anew: {}", file, why.toString());
    try {
      Files.move(file, file.resolveSibling(file.getFileName() + ".damaged." + System.nanoTime()));
    } catch (IOException e) {
      log.debug("cannot set {} aside: {}", file, e.toString());
    }
  }

  private static String sum(String text) {
    var crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }
}
