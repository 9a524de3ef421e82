package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells whether a living process may be writing below a directory: one that stands in it, has a
 * file of it open for writing, or is a git that was told to work there. A reader is none: jobs read
 * mirrors all the time. A process that may not be looked into belongs to another user, and cannot
 * have made a file that is ours.
 */
final class LivingUsers {

  private static final long SELF = ProcessHandle.current().pid();

  /** The access mode in the flags of /proc/PID/fdinfo, in octal: 1 writes, 2 reads and writes. */
  private static final int WRITES = 03;

  private LivingUsers() {}

  /** One of them, described for people; this process does not count. */
  static Optional<String> of(Path directory) throws IOException {
    Path real = directory.toRealPath();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (Long.parseLong(process.getFileName().toString()) != SELF && uses(process, real)) {
          return Optional.of("pid %s (%s)".formatted(process.getFileName(), command(process)));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean uses(Path process, Path directory) {
    return leadsInto(process.resolve("cwd"), directory)
        || writes(process, directory)
        || isGitToldOf(process, directory);
  }

  private static boolean leadsInto(Path link, Path directory) {
    try {
      return Files.readSymbolicLink(link).startsWith(directory);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean writes(Path process, Path directory) {
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      return descriptors
          .filter(descriptor -> leadsInto(descriptor, directory))
          .anyMatch(descriptor -> opensForWriting(process, descriptor));
    } catch (IOException | java.io.UncheckedIOException e) {
      // It ended meanwhile, or is another user's.
      return false;
    }
  }

  private static boolean opensForWriting(Path process, Path descriptor) {
    try (Stream<String> lines =
        Files.lines(process.resolve("fdinfo").resolve(descriptor.getFileName()))) {
      return lines
          .filter(line -> line.startsWith("flags:"))
          .anyMatch(line -> (Integer.parseInt(line.substring(6).strip(), 8) & WRITES) != 0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return false;
    }
  }

  private static boolean isGitToldOf(Path process, Path directory) {
    String line = command(process);
    return line.startsWith("git") && line.contains(directory.toString());
  }

  private static String command(Path process) {
    try {
      byte[] line = Files.readAllBytes(process.resolve("cmdline"));
      String text = new String(line, StandardCharsets.UTF_8).replace('\0', ' ').strip();
      return text.substring(0, Math.min(text.length(), 200));
    } catch (IOException e) {
      return "";
    }
  }
}
