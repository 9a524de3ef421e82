package dev.holdfast.worker.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.job.SecretUse;
import dev.holdfast.worker.redact.Mask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The secrets of one attempt: in its room, {@code files} holds those that the job reads as files,
 * and {@code values} all of them once more. Whoever takes the attempt up later finds there what
 * must be masked, even if the store has another value by then, or the job has changed its files.
 */
public final class Handout {
  /**
   * Linux refuses a longer variable; and every spelling of a secret is looked for in all output.
   */
  private static final int MOST_BYTES = 64 * 1024;

  private static final FileAttribute<Set<PosixFilePermission>> MODE_600 =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final List<SecretUse> uses;
  private final SecretStore store;
  private final SecretRooms rooms;
  private final HeldAttempt attempt;
  private final Path room;

  public Handout(List<SecretUse> uses, SecretStore store, SecretRooms rooms, HeldAttempt attempt) {
    this.uses = uses;
    this.store = store;
    this.rooms = rooms;
    this.attempt = attempt;
    this.room = rooms.of(attempt);
  }

  /** Where the job finds its secrets that are files. */
  public Path files() {
    return room.resolve("files");
  }

  private Path value(int number) {
    return room.resolve("values").resolve(Integer.toString(number));
  }

  /**
   * Puts the secrets into the room, as they are now; a second time replaces the first.
   *
   * @return what is to be written down of it before the job starts
   */
  public Given give() throws IOException, SecretUnusable {
    if (uses.isEmpty()) {
      return new Given(List.of());
    }
    rooms.make(attempt);
    Files.createDirectory(files(), SecretRooms.PRIVATE);
    Files.createDirectory(room.resolve("values"), SecretRooms.PRIVATE);
    var given = new ArrayList<Given.Entry>();
    for (SecretUse use : uses) {
      Secret secret = find(use);
      if (use.env() == null) {
        write(files().resolve(use.name()), secret.bytes());
        write(value(given.size()), secret.bytes());
      } else {
        write(value(given.size()), text(secret).getBytes(UTF_8));
      }
      given.add(Given.Entry.of(secret));
    }
    return new Given(given);
  }

  private Secret find(SecretUse use) throws SecretUnusable {
    try {
      Secret secret =
          store
              .find(use.name())
              .orElseThrow(() ->
                  new SecretUnusable(
                      SecretUnusable.Code.MISSING,
                      "secret '%s' is not in %s: put it there as a file of mode 600, or leave it out of the job"
                          .formatted(use.name(), store.directory())));
      if (secret.bytes().length > MOST_BYTES) {
        throw new SecretUnusable(
            SecretUnusable.Code.REFUSED,
            "%s has %d bytes: a job can be given at most %d"
                .formatted(secret, secret.bytes().length, MOST_BYTES));
      }
      return secret;
    } catch (SecretRefused e) {
      throw new SecretUnusable(SecretUnusable.Code.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  private static String text(Secret secret) throws SecretUnusable {
    String text = secret.text();
    if (text.indexOf('\0') >= 0) {
      throw new SecretUnusable(
          SecretUnusable.Code.REFUSED,
          secret + " has a zero byte, which no variable can hold: give it to the job as a file");
    }
    return text;
  }

  /** By a channel, which takes the mode at the moment the file is made. */
  private static void write(Path file, byte[] value) throws IOException {
    try (var channel =
        Files.newByteChannel(
            file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), MODE_600)) {
      var bytes = ByteBuffer.wrap(value);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  /** The variables that hold secrets. */
  public SortedMap<String, String> environment() throws IOException {
    var environment = new TreeMap<String, String>();
    for (int i = 0; i < uses.size(); i++) {
      String variable = uses.get(i).env();
      if (variable != null) {
        environment.put(variable, Files.readString(value(i)));
      }
    }
    return environment;
  }

  /**
   * Masks what was given. A reboot empties the room: then the store is asked, and if it has other
   * values by now, nothing can be told apart any more.
   */
  public Mask mask(Given given) throws IOException {
    Optional<List<byte[]>> inRoom = valuesInRoom(given.entries().size());
    return inRoom.isPresent() ? Mask.of(inRoom.get()) : fromStore(given);
  }

  private Optional<List<byte[]>> valuesInRoom(int expected) throws IOException {
    var values = new ArrayList<byte[]>();
    try {
      for (int i = 0; i < expected; i++) {
        values.add(Files.readAllBytes(value(i)));
      }
      return Optional.of(values);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private Mask fromStore(Given given) {
    var values = new ArrayList<byte[]>();
    for (Given.Entry entry : given.entries()) {
      Optional<Secret> secret;
      try {
        secret = store.find(entry.name());
      } catch (SecretRefused e) {
        return Mask.EVERYTHING;
      }
      if (secret.isEmpty() || !entry.is(secret.get())) {
        return Mask.EVERYTHING;
      }
      values.add(secret.get().bytes());
    }
    return Mask.of(values);
  }

  /** Removes the secrets. */
  public void remove() throws IOException {
    rooms.remove(attempt);
  }
}
