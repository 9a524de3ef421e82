package dev.holdfast.worker.disk;

import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.workspace.GitWorkspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which mirrors the run directories on the disk need: the one of each attempt's repository, from
 * before its first fetch on, and whatever its clone and its ready marker name, whoever wrote that.
 */
final class RunReferences {
  /** A job may have put anything in the place of a small file of git's. */
  private static final long MOST_BYTES = 64 * 1024;

  private final Map<String, String> namedBy = new HashMap<>();
  private final List<String> texts = new ArrayList<>();

  private RunReferences() {}

  /**
   * Reads them.
   *
   * @throws IOException if one cannot be understood: then it is not known what it needs
   */
  static RunReferences read(RunDirectories runs) throws IOException {
    var references = new RunReferences();
    for (RunDirectory run : runs.peek()) {
      references.takeSpec(run);
      references.takeFiles(run.path());
    }
    for (Path damaged : Entries.of(runs.damaged())) {
      references.takeFiles(damaged);
    }
    return references;
  }

  private void takeSpec(RunDirectory run) {
    var repository = run.facts().assigned().spec().repository();
    if (repository != null) {
      namedBy.put(
          GitWorkspaces.mirrorName(repository.url(), repository.credentials()), run.toString());
    }
  }

  private void takeFiles(Path run) throws IOException {
    take(run.resolve("work.ready"));
    Path objects = run.resolve("work/.git/objects");
    if (Files.isDirectory(objects, LinkOption.NOFOLLOW_LINKS)) {
      take(objects.resolve("info/alternates"));
    }
  }

  private void take(Path file) throws IOException {
    try {
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= MOST_BYTES) {
        texts.add(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8));
      }
    } catch (NoSuchFileException e) {
      // The attempt is being removed just now.
      return;
    }
  }

  /** Who needs this mirror; empty if no run directory does. */
  Optional<String> to(Path mirror) {
    String name = mirrorOf(Entries.name(mirror));
    Optional<String> owner =
        Optional.ofNullable(namedBy.get(name)).map(run -> "its repository is that of " + run);
    return owner.isPresent()
        ? owner
        : texts.stream()
            .filter(text -> text.contains(name))
            .findAny()
            .map(text -> "a clone borrows its objects");
  }

  /** Also for what is being made to become it. */
  private static String mirrorOf(String name) {
    int end = name.indexOf(".git");
    return end < 0 ? name : name.substring(0, end + ".git".length());
  }
}
