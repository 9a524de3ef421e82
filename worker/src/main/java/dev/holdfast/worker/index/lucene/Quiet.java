package dev.holdfast.worker.index.lucene;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps Lucene from advising every user, on standard error, to start Java with other options. */
final class Quiet {
  /** Held here: the JDK forgets the level of a logger that nobody refers to. */
  private static final Logger VECTORS =
      Logger.getLogger("org.apache.lucene.internal.vectorization");

  private Quiet() {}

  static void please() {
    VECTORS.setLevel(Level.OFF);
  }
}
