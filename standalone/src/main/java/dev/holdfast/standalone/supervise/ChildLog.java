package dev.holdfast.standalone.supervise;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code DIR/logs/NAME.log}, to which every life of a child appends.
 *
 * @param from where the present life began
 */
record ChildLog(Path path, long from) {
  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_WORDS = 400;

  static Path path(Path dataDir, String name) {
    return dataDir.resolve("logs").resolve(name + ".log");
  }

  /** For a life that is about to begin. */
  static ChildLog from(Path dataDir, String name) {
    Path path = path(dataDir, name);
    return new ChildLog(path, size(path));
  }

  /** The line that says best why the life ended: the last failure, else the last line. */
  Optional<String> lastWords() {
    List<String> lines = tail().lines().filter(line -> !line.isBlank()).toList().reversed();
    return lines.stream()
        .filter(line -> line.startsWith("holdfast: ") || line.contains(" ERROR "))
        .findFirst()
        .or(() ->
            lines.stream().filter(line -> !Character.isWhitespace(line.charAt(0))).findFirst())
        .map(line -> line.length() > MOST_WORDS ? line.substring(0, MOST_WORDS) + "..." : line);
  }

  private String tail() {
    long size = size(path);
    long begin = size < from ? 0 : from; // smaller than it was: moved aside at the start
    begin = Math.max(begin, size - MOST_BYTES);
    try (var file = new RandomAccessFile(path.toFile(), "r")) {
      byte[] bytes = new byte[(int) (size - begin)];
      file.seek(begin);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      return 0;
    }
  }
}
