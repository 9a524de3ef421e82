package dev.holdfast.worker.index;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes one kind of index of a commit's files, and knows when one is not fit for use. */
public interface CodeIndex {
  IndexKind kind();

  /** Changes whenever indexes made before are of no use any more. */
  String format();

  /**
   * Makes the index in a directory that is empty.
   *
   * @throws IndexException if it cannot be made now
   */
  Made make(Sources sources, Path into, Patience patience) throws IOException, InterruptedException;

  /** Whether a new index is better made out of the index of another commit. */
  default boolean startsFromOthers() {
    return false;
  }

  /** What is wrong with an index, beyond what its files' digests tell; empty if nothing is. */
  Optional<String> damage(Path index, String commit) throws IOException;

  /**
   * Gives one attempt what it needs beside the shared index.
   *
   * @return what the job finds in its environment
   * @throws IndexException if it cannot be given now
   */
  Map<String, String> offer(Path index, Path workspace, Patience patience)
      throws IOException, InterruptedException;

  /**
   * What an index is made from.
   *
   * @param mirror git directory with all objects of the commit
   * @param commit full id
   * @param earlier an index that a new one can start from; none if empty
   */
  record Sources(Path mirror, String commit, Optional<Earlier> earlier) {}

  /**
   * An index that was made before.
   *
   * @param data its directory
   * @param sameCommit whether it is of the same commit, and damaged; otherwise it is sound
   * @param damaged paths in it that are known not to be what they were
   */
  record Earlier(Path data, boolean sameCommit, List<String> damaged) {
    public Earlier {
      damaged = List.copyOf(damaged);
    }
  }

  /**
   * What was made.
   *
   * @param tool which program, in which version
   * @param counts what went in and what was left out
   * @param notes for people
   */
  record Made(String tool, Map<String, Long> counts, List<String> notes) {
    public Made {
      counts = Map.copyOf(counts);
      notes = List.copyOf(notes);
    }
  }
}
