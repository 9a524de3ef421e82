package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;

/** What a mirror repository holds and how it follows its remote. */
final class Mirror {

  /** Where a remote HEAD is kept that is on no branch. */
  static final String DETACHED_HEAD = "refs/holdfast/head";

  private static final List<RefSpec> ALL =
      List.of(new RefSpec("+refs/heads/*:refs/heads/*"), new RefSpec("+refs/tags/*:refs/tags/*"));

  private Mirror() {}

  static Repository open(Path directory) throws IOException {
    return new FileRepositoryBuilder()
        .setGitDir(directory.toFile())
        .setBare()
        .setMustExist(true)
        .build();
  }

  static void create(Path directory, RemoteUrl url) throws IOException {
    try (Repository repository =
        new FileRepositoryBuilder().setGitDir(directory.toFile()).setBare().build()) {
      repository.create(true);
      StoredConfig config = repository.getConfig();
      config.setString("remote", "origin", "url", url.toString());
      // Clones borrow these objects: nothing may ever collect them as garbage. JGit starts its
      // collector in the background after every fetch, and asks both limits only then.
      config.setInt("gc", null, "auto", 0);
      config.setInt("gc", null, "autoPackLimit", 0);
      config.setBoolean("gc", null, "autoDetach", false);
      config.setBoolean("core", null, "fsyncObjectFiles", true);
      config.setBoolean("core", null, "fsyncRefFiles", true);
      config.save();
    }
  }

  /** What to fetch so that the mirror equals what the remote shows; empty if it does already. */
  static List<RefSpec> missing(Repository mirror, Map<String, Ref> shown, Optional<String> asked)
      throws IOException {
    List<RefSpec> refspecs = new ArrayList<>(ALL);
    Optional<RefSpec> special = special(shown, asked);
    special.ifPresent(refspecs::add);
    boolean equal = branchesAndTags(held(mirror)).equals(branchesAndTags(shown));
    return equal && special.isEmpty() ? List.of() : refspecs;
  }

  /** A ref outside branches and tags, fetched only for who asks for it. */
  private static Optional<RefSpec> special(Map<String, Ref> shown, Optional<String> asked) {
    if (asked.isPresent()) {
      return asked
          .filter(name -> name.startsWith(Constants.R_REFS) && !isBranchOrTag(name))
          .filter(shown::containsKey)
          .map(name -> new RefSpec("+" + name + ":" + name));
    }
    return Optional.ofNullable(shown.get(Constants.HEAD))
        .filter(head -> !head.isSymbolic())
        .map(head -> new RefSpec("+HEAD:" + DETACHED_HEAD));
  }

  private static Map<String, Ref> held(Repository mirror) throws IOException {
    return mirror.getRefDatabase().getRefs().stream()
        .collect(Collectors.toMap(Ref::getName, ref -> ref));
  }

  private static Map<String, ObjectId> branchesAndTags(Map<String, Ref> refs) {
    return refs.entrySet().stream()
        .filter(entry -> isBranchOrTag(entry.getKey()) && entry.getValue().getObjectId() != null)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, entry -> entry.getValue().getObjectId().toObjectId()));
  }

  private static boolean isBranchOrTag(String name) {
    return name.startsWith(Constants.R_HEADS) || name.startsWith(Constants.R_TAGS);
  }
}
