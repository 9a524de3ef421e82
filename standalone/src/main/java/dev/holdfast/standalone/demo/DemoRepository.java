package dev.holdfast.standalone.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;

/** A small real repository with history. */
public final class DemoRepository {
  private DemoRepository() {}

  public static Path create(Path directory) {
    var author = new PersonIdent("Demo", "demo@holdfast.invalid");
    try (Git git = Git.init().setDirectory(directory.toFile()).setInitialBranch("main").call()) {
      for (int i = 1; i <= 5; i++) {
        Files.writeString(directory.resolve("chapter-" + i + ".txt"), "chapter " + i + "\n");
        git.add().addFilepattern(".").call();
        git.commit()
            .setMessage("Write chapter " + i)
            .setAuthor(author)
            .setCommitter(author)
            .setSign(false)
            .call();
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GitAPIException e) {
      throw new IllegalStateException("cannot make the demo's repository in " + directory, e);
    }
  }
}
