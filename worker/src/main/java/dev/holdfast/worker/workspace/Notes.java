package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What is missing from a result, collected on the way. Most of it is work of the job's that lies
 * nowhere but in its workspace, and is counted. Used by one thread.
 */
final class Notes {

  /** A job may leave thousands of sockets; the first few tell the story. */
  private static final int KEPT = 50;

  private final Set<String> notes = new LinkedHashSet<>();
  private int dropped;
  private int leftOut;

  /** A step that may fail without harm to the others. */
  interface Step<T> {
    T run() throws IOException;
  }

  /** Something of the job's work is not in its bundle. */
  void leaveOut(String note) {
    leftOut++;
    mention(note);
  }

  /** Something is not as it should be, but the bundle has all of the job's work. */
  void mention(String note) {
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
    return attempt(failure, step, this::leaveOut);
  }

  /** The same with a step of which nothing but a view of the work depends. */
  <T> Optional<T> attemptView(String failure, Step<T> step) {
    return attempt(failure, step, this::mention);
  }

  private static <T> Optional<T> attempt(String failure, Step<T> step, Consumer<String> note) {
    try {
      return Optional.of(step.run());
    } catch (IOException | RuntimeException e) {
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      note.accept(failure + ": " + reason);
      return Optional.empty();
    }
  }

  /** How many things of the job's work were left out. */
  int leftOut() {
    return leftOut;
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
