package dev.holdfast.worker.agentfiles;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The lines of {@code .git/info/exclude} that keep agent files out of the job's changes. */
final class Excludes {
  private static final String BEGIN = "# agent files, laid by Holdfast\n";
  private static final String END = "# end of agent files\n";

  private Excludes() {}

  /** Writes them, in the place of those that are there; does nothing without a repository. */
  static void write(Path workspace, List<String> paths) throws IOException {
    Path git = workspace.resolve(".git");
    if (!Files.isDirectory(git, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Path file = git.resolve("info/exclude");
    Files.createDirectories(git.resolve("info"));
    String others = Files.exists(file) ? without(Files.readString(file)) : "";
    if (!others.isEmpty() && !others.endsWith("\n")) {
      others += "\n";
    }
    String lines =
        paths.stream().map(path -> "/" + escaped(path) + "\n").collect(Collectors.joining());
    AtomicFile.write(file, (others + BEGIN + lines + END).getBytes(UTF_8));
  }

  private static String without(String text) {
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END, Math.max(0, begin));
    return begin < 0 || end < 0
        ? text
        : text.substring(0, begin) + text.substring(end + END.length());
  }

  /** A path is a pattern to git. */
  private static String escaped(String path) {
    String escaped = path.replaceAll("([\\\\*?\\[])", "\\\\$1");
    return escaped.endsWith(" ") ? escaped.substring(0, escaped.length() - 1) + "\\ " : escaped;
  }
}
