package dev.holdfast.worker.workspace;

import static java.util.Objects.requireNonNull;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * Finds the commit that a job's ref means. A full commit id comes first, then a branch, a tag, any
 * other ref, and last an abbreviated commit id, so that a branch called {@code beef} stays usable.
 */
final class AskedRef {

  private static final Pattern ABBREVIATED = Pattern.compile("[0-9a-fA-F]{4,39}");

  private final Repository mirror;
  private final RemoteUrl url;

  /** The remote's refs as it showed them; refs that only the mirror still has do not count. */
  private final Map<String, Ref> shown;

  AskedRef(Repository mirror, RemoteUrl url, Map<String, Ref> shown) {
    this.mirror = mirror;
    this.url = url;
    this.shown = shown;
  }

  /** A commit, and the ref that named it if one did. */
  record Resolved(Optional<String> ref, ObjectId commit) {}

  Resolved resolve(Optional<String> asked) throws IOException {
    if (asked.isEmpty()) {
      return defaultBranch();
    }
    String name = asked.get();
    if (ObjectId.isId(name)) {
      return new Resolved(Optional.empty(), commit(ObjectId.fromString(name), name));
    }
    for (String candidate : candidates(name)) {
      Ref ref = shown.containsKey(candidate) ? mirror.exactRef(candidate) : null;
      if (ref != null) {
        return new Resolved(
            Optional.of(candidate), commit(requireNonNull(ref.getObjectId()), name));
      }
    }
    return new Resolved(Optional.empty(), abbreviated(name));
  }

  private static List<String> candidates(String name) {
    return name.startsWith(Constants.R_REFS)
        ? List.of(name)
        : List.of(Constants.R_HEADS + name, Constants.R_TAGS + name, Constants.R_REFS + name);
  }

  private Resolved defaultBranch() throws IOException {
    Ref head = shown.get(Constants.HEAD);
    String name =
        head != null && head.isSymbolic() ? head.getTarget().getName() : Mirror.DETACHED_HEAD;
    Ref ref = head == null ? null : mirror.exactRef(name);
    if (ref == null) {
      throw new WorkspaceException(
          Code.REF_NOT_FOUND,
          "Repository %s has no usable default branch (its HEAD names no commit). Name a ref; %s."
              .formatted(url, existing()),
          null);
    }
    return new Resolved(Optional.of(name), commit(requireNonNull(ref.getObjectId()), name));
  }

  private ObjectId abbreviated(String name) throws IOException {
    List<ObjectId> commits = new ArrayList<>();
    if (ABBREVIATED.matcher(name).matches()) {
      try (ObjectReader reader = mirror.newObjectReader()) {
        for (ObjectId id : reader.resolve(AbbreviatedObjectId.fromString(name))) {
          if (reader.open(id).getType() == Constants.OBJ_COMMIT) {
            commits.add(id);
          }
        }
      }
    }
    if (commits.size() == 1) {
      return commits.getFirst();
    }
    if (commits.isEmpty()) {
      throw notFound(name, null);
    }
    throw new WorkspaceException(
        Code.REF_NOT_FOUND,
        "Commit id '%s' is ambiguous in %s: %s. Give more digits."
            .formatted(name, url, commits.stream().map(ObjectId::name).limit(5).toList()),
        null);
  }

  /** The commit itself or the one that an annotated tag leads to. */
  private ObjectId commit(ObjectId id, String name) throws IOException {
    try (RevWalk walk = new RevWalk(mirror)) {
      return walk.parseCommit(id).toObjectId();
    } catch (IncorrectObjectTypeException e) {
      throw new WorkspaceException(
          Code.REF_NOT_FOUND,
          ("'%s' in %s names %s, which is no commit."
                  + " Name a branch, a tag of a commit, or a commit id.")
              .formatted(name, url, id.name()),
          e);
    } catch (MissingObjectException e) {
      throw notFound(name, e);
    }
  }

  private WorkspaceException notFound(String name, @Nullable Throwable cause) {
    List<String> similar = SimilarNames.to(name, shortNames().toList());
    String hint = similar.isEmpty() ? existing() : "similar: " + String.join(", ", similar);
    return new WorkspaceException(
        Code.REF_NOT_FOUND,
        ("Ref '%s' was not found in %s; %s. Name a branch, a tag, a commit id that a branch or tag"
                + " leads to, or a full ref name (refs/...).")
            .formatted(name, url, hint),
        cause);
  }

  private String existing() {
    List<String> names = shortNames().sorted().toList();
    return names.isEmpty()
        ? "it shows no branch and no tag"
        : "it has %d branches and tags, such as %s"
            .formatted(
                names.size(), String.join(", ", names.subList(0, Math.min(5, names.size()))));
  }

  private Stream<String> shortNames() {
    return shown.keySet().stream()
        .filter(name -> name.startsWith(Constants.R_HEADS) || name.startsWith(Constants.R_TAGS))
        .map(Repository::shortenRefName)
        .distinct();
  }
}
