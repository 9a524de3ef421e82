package dev.holdfast.worker.run;

import dev.holdfast.worker.process.Launch;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Runs the shims of attempts that do not run as processes of this machine's own. The files of a run
 * directory mean the same wherever its shim runs; this port is about what differs.
 */
public interface Executor {

  /** Starts the shim of an attempt of which {@link #look} says that nothing is launched. */
  Started start(RunDirectory directory, Launch launch) throws IOException, InterruptedException;

  /**
   * What can be seen of an attempt that has no exit record yet.
   *
   * @throws IOException if it cannot be told now
   */
  View look(RunDirectory directory) throws IOException;

  /** Whether it had a hand in what runs in this directory. */
  boolean knows(Path directory);

  /**
   * Ends whatever may be left of an attempt.
   *
   * @throws IOException if something is left, or that cannot be told
   */
  void endLeftovers(Path directory) throws IOException, InterruptedException;

  /** The attempt's directory is about to go: removes what belongs to it elsewhere. */
  void retire(Path directory) throws IOException;
}
