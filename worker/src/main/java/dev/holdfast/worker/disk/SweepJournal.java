package dev.holdfast.worker.disk;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.runtime.file.Reserved;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * What a sweep is about to remove, written down before it begins. A sweep that is killed leaves the
 * file behind, and the next one goes on with what it names. Room for it is set aside: a sweep is
 * wanted most when there is none.
 */
final class SweepJournal {
  private static final int ROOM_BYTES = 64 * 1024;
  private static final String SEAL = "crc32c ";

  private final Path file;

  private SweepJournal(Path file) {
    this.file = file;
  }

  static SweepJournal in(Path directory) throws IOException {
    Files.createDirectories(directory);
    var journal = new SweepJournal(directory.resolve("intents"));
    journal.setRoomAside();
    return journal;
  }

  private void setRoomAside() {
    try {
      Reserved.room(file, ROOM_BYTES);
    } catch (IOException e) {
      // The disk is full: the intents may still fit elsewhere, and else the sweep waits for room.
      return;
    }
  }

  /** The strays named by kind and name; those of a journal that is damaged are found anew. */
  Set<String> left() throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Set.of();
    }
    int seal = text.lastIndexOf(SEAL);
    if (seal < 0 || !text.substring(seal).equals(SEAL + sum(text.substring(0, seal)) + "\n")) {
      Files.move(file, file.resolveSibling("intents.damaged." + System.nanoTime()));
      return Set.of();
    }
    return new HashSet<>(text.substring(0, seal).lines().toList());
  }

  void begin(Collection<Stray> condemned) throws IOException {
    String text =
        condemned.stream().map(stray -> lineOf(stray) + "\n").collect(Collectors.joining());
    byte[] bytes = (text + SEAL + sum(text) + "\n").getBytes(StandardCharsets.UTF_8);
    Reserved.write(file, bytes);
  }

  void done() throws IOException {
    Files.deleteIfExists(file);
    AtomicFile.syncName(file);
    setRoomAside();
  }

  /** At most so many at once, so that the room set aside suffices. */
  static List<Stray> fitting(List<Stray> ripe) {
    int bytes = 0;
    int count = 0;
    while (count < ripe.size() && bytes < ROOM_BYTES / 2) {
      bytes += lineOf(ripe.get(count)).getBytes(StandardCharsets.UTF_8).length + 1;
      count++;
    }
    return ripe.subList(0, count);
  }

  static String lineOf(Stray stray) {
    return stray.kind() + " " + stray.name().replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String sum(String text) {
    var crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }
}
