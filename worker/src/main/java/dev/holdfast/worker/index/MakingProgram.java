package dev.holdfast.worker.index;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.worker.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that makes an index. It outlives a worker that is killed, and may go on paying for
 * embeddings that nobody will use: so it is marked, with all that it starts, and whoever is about
 * to take its directory away ends it first.
 */
public final class MakingProgram {
  private static final Logger log = LoggerFactory.getLogger(MakingProgram.class);
  private static final String MARK = "HOLDFAST_INDEX_MAKING";
  private static final Path PROC = Path.of("/proc");
  private static final int TRIES = 500;
  private static final long BETWEEN_TRIES_MS = 10;

  private MakingProgram() {}

  /** Marks a program that works in this directory. */
  public static void mark(ProcessBuilder program, Path directory) {
    program.environment().put(MARK, directory.toAbsolutePath().toString());
  }

  /**
   * Ends what a worker that was killed has left at work in a directory or below it. The caller
   * holds the index's lock, so no living worker can have started it.
   *
   * @throws IOException if something cannot be ended
   */
  static void endIn(Path directory) throws IOException {
    // Byte for byte, as the kernel keeps it.
    byte[] name = directory.toAbsolutePath().toString().getBytes(UTF_8);
    String mark = MARK + "=" + new String(name, ISO_8859_1);
    for (int tried = 0; tried < TRIES; tried++) {
      List<ProcessIdentity> left = marked(mark);
      if (left.isEmpty()) {
        return;
      }
      for (ProcessIdentity process : left) {
        log.info(
            "ending pid {}, which a worker that is gone had making {}", process.pid(), directory);
        ProcessHandle.of(process.pid())
            .filter(handle -> process.isAlive())
            .ifPresent(ProcessHandle::destroyForcibly);
      }
      pause();
    }
    throw new IOException("what makes an index in " + directory + " cannot be ended");
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(BETWEEN_TRIES_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a program was being ended", e);
    }
  }

  private static List<ProcessIdentity> marked(String mark) throws IOException {
    try (Stream<Path> entries = Files.list(PROC)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .flatMap(name -> ProcessIdentity.of(Long.parseLong(name)).stream())
          .filter(process -> bears(process, mark))
          .filter(ProcessIdentity::isAlive)
          .toList();
    }
  }

  /** The mark itself or one of a directory below. */
  private static boolean bears(ProcessIdentity process, String mark) {
    try {
      byte[] environment = Files.readAllBytes(PROC.resolve(process.pid() + "/environ"));
      return Arrays.stream(new String(environment, ISO_8859_1).split("\0"))
          .anyMatch(variable -> variable.equals(mark) || variable.startsWith(mark + "/"));
    } catch (IOException e) {
      return false; // it has just ended, or is another user's
    }
  }
}
