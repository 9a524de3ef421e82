package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * A temporary repository over the job's work tree. It has a configuration of ours and takes new
 * objects itself; those of the job and of the mirror it only reads. So a workspace is collected
 * without a write into it, and without its say in how.
 */
final class Shadow implements AutoCloseable {

  private static final String CONFIG =
      """
      [core]
      \trepositoryformatversion = 0
      \tfilemode = true
      \tsymlinks = true
      \tbare = false
      \tautocrlf = false
      """;

  private static final long EXCLUDES_BYTES = 1024 * 1024;

  private final Path directory;
  private final Repository repository;

  private Shadow(Path directory, Repository repository) {
    this.directory = directory;
    this.repository = repository;
  }

  /**
   * @param jobObjects the job's own objects, if they may be read
   * @param notes told of each work tree entry that git cannot store
   */
  static Shadow over(
      PreparedWorkspace workspace, Path directory, Optional<Path> jobObjects, Notes notes)
      throws IOException {
    FileTrees.delete(directory);
    Files.createDirectories(directory.resolve("objects/info"));
    Files.createDirectories(directory.resolve("refs/heads"));
    Files.createDirectories(directory.resolve("info"));
    Files.writeString(directory.resolve("HEAD"), "ref: refs/heads/none\n");
    Files.writeString(directory.resolve("config"), CONFIG);
    StringBuilder borrowed = new StringBuilder(workspace.mirror().resolve("objects") + "\n");
    if (jobObjects.isPresent()) {
      // JGit would open a directory named .git/objects as a part of that repository and read its
      // configuration; under another name it is but a store of objects.
      Path link = Files.createDirectory(directory.resolve("job")).resolve("objects");
      Files.createSymbolicLink(link, jobObjects.get());
      borrowed.append(link).append('\n');
    }
    Files.writeString(
        directory.resolve("objects").resolve(AttemptClone.ALTERNATES), borrowed.toString());
    return new Shadow(
        directory,
        new FileRepositoryBuilder()
            .setFS(new JobFiles(notes))
            .setGitDir(directory.toFile())
            .setWorkTree(workspace.directory().toFile())
            .setMustExist(true)
            .build());
  }

  Repository repository() {
    return repository;
  }

  void takeExcludes(Path excludes) throws IOException {
    if (Files.size(excludes) <= EXCLUDES_BYTES) {
      Files.copy(excludes, directory.resolve("info/exclude"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * A copy of the job's index, of the same age, by which JGit tells what may have changed since.
   */
  Path takeIndex(Path index) throws IOException {
    return Files.copy(
        index,
        directory.resolve("index"),
        StandardCopyOption.COPY_ATTRIBUTES,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    repository.close();
    try {
      FileTrees.delete(directory);
    } catch (IOException e) {
      // The results are written and count; the next collection or the attempt's end deletes this.
    }
  }
}
