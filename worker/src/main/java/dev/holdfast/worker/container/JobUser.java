package dev.holdfast.worker.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.worker.container.EngineException.Code;
import dev.holdfast.worker.process.ControlFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Whom the job runs as. The shim reads it from the file {@code inside}. */
record JobUser(long uid, long gid) {
  private static final String FILE = "inside";
  private static final String NUMBER = "[0-9]{1,9}";

  /**
   * Understands what images and specs name: {@code user}, {@code user:group}, each by name or
   * number. A user without a group gets its group of /etc/passwd, and 0 if it is not there.
   *
   * @param file the content of a file of the container
   */
  static JobUser resolve(String named, Function<String, Optional<byte[]>> file) {
    String[] parts = (named.isEmpty() ? "0:0" : named).split(":", 2);
    if (parts.length == 2 && parts[0].matches(NUMBER) && parts[1].matches(NUMBER)) {
      return new JobUser(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
    Optional<String[]> account = find(file.apply("/etc/passwd"), parts[0], 2);
    long uid =
        parts[0].matches(NUMBER)
            ? Long.parseLong(parts[0])
            : number(account, 2).orElseThrow(() -> unknown("user", parts[0]));
    long gid = parts.length < 2 ? number(account, 3).orElse(0L) : group(parts[1], file);
    return new JobUser(uid, gid);
  }

  private static long group(String named, Function<String, Optional<byte[]>> file) {
    return named.matches(NUMBER)
        ? Long.parseLong(named)
        : number(find(file.apply("/etc/group"), named, 2), 2)
            .orElseThrow(() -> unknown("group", named));
  }

  /** The entry with that name, or with that number in the field. */
  private static Optional<String[]> find(Optional<byte[]> accounts, String key, int numberField) {
    return accounts
        .map(bytes -> new String(bytes, UTF_8))
        .orElse("")
        .lines()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length > numberField)
        .filter(fields -> fields[0].equals(key) || fields[numberField].equals(key))
        .findFirst();
  }

  private static Optional<Long> number(Optional<String[]> fields, int field) {
    return fields
        .filter(all -> all.length > field && all[field].matches(NUMBER))
        .map(all -> Long.parseLong(all[field]));
  }

  private static EngineException unknown(String what, String named) {
    return new EngineException(
        Code.REFUSED,
        "the image has no %s '%s': give container.user as UID or UID:GID".formatted(what, named));
  }

  void write(Path runDirectory) throws IOException {
    AtomicFile.replace(
        runDirectory.resolve(FILE),
        ControlFile.named(FILE).with("uid", uid).with("gid", gid).render());
  }
}
