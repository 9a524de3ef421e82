package dev.holdfast.worker.run;

import dev.holdfast.worker.process.Launch;
import java.nio.file.Path;

/** For tests of attempts that are processes of this machine. */
public final class NoContainers implements Executor {
  @Override
  public Started start(RunDirectory directory, Launch launch) {
    throw new AssertionError("no attempt here is in a container: " + directory);
  }

  @Override
  public View look(RunDirectory directory) {
    throw new AssertionError("no attempt here is in a container: " + directory);
  }

  @Override
  public boolean knows(Path directory) {
    return false;
  }

  @Override
  public void endLeftovers(Path directory) {}

  @Override
  public void retire(Path directory) {}
}
