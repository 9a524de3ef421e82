package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is missing from a result, collected on the way. Used by one thread. */
final class Notes {

  /** A job may leave thousands of sockets; the first few tell the story. */
  private static final int KEPT = 50;

  private final Set<String> notes = new LinkedHashSet<>();
  private int dropped;

  /** A step that may fail without harm to the others. */
  interface Step<T> {
    T run() throws IOException;
  }

  void add(String note) {
    String masked = RemoteUrl.mask(note);
    if (notes.size() < KEPT || notes.contains(masked)) {
      notes.add(masked);
    } else {
      dropped++;
    }
  }

  /**
   * Runs a step over what a job left. Runtime exceptions count as its failure too: JGit throws them
   * for some malformed data, and no job may bring the worker down by what it leaves.
   */
  <T> Optional<T> attempt(String failure, Step<T> step) {
    try {
      return Optional.of(step.run());
    } catch (IOException | RuntimeException e) {
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      add(failure + ": " + reason);
      return Optional.empty();
    }
  }

  List<String> all() {
    if (dropped == 0) {
      return List.copyOf(notes);
    }
    List<String> all = new ArrayList<>(notes);
    all.add("and " + dropped + " more of the kind");
    return all;
  }
}
