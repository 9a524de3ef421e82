package dev.holdfast.worker.disk;

import java.io.IOException;
import java.util.Optional;

/** Something that seems to belong to nobody: a file, a directory, a container, a cgroup. */
public interface Stray {
  /** What sort of thing it is, as the metrics have it: a word with dashes. */
  String kind();

  /** By which it is found again, also by a later incarnation. */
  String name();

  /** Differs when it was replaced or touched since it was seen: then it is somebody's. */
  String identity();

  /** Whether it was condemned already, and need not be seen a second time. */
  default boolean condemned() {
    return false;
  }

  /**
   * Why it must stay, as of now; empty if it is proven that nothing living uses it.
   *
   * @throws IOException if that cannot be told; it stays
   */
  Optional<String> livingUse() throws IOException;

  /** Removes it; what is gone already is removed. A removal that was cut is begun anew. */
  void remove() throws IOException, InterruptedException;

  /** Where strays of some kinds may be found. */
  interface Finder {
    /** All that are there now; none of them is touched. */
    Iterable<? extends Stray> find() throws IOException;
  }
}
