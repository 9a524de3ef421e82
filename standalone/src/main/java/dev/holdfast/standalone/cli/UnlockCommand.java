package dev.holdfast.standalone.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "unlock",
    mixinStandardHelpOptions = true,
    description =
        "Take a lock from the job that holds it: the job is ended, then the lock is free.")
final class UnlockCommand implements Callable<Integer> {
  @Mixin private final Controlling controlling = new Controlling();

  @Parameters(index = "0", paramLabel = "LOCK", description = "Its name.")
  private String lock = "";

  @Parameters(index = "1", paramLabel = "JOB", description = "Its holder; see holdfast locks.")
  private String holder = "";

  @Override
  public Integer call() {
    return controlling.release(lock, holder);
  }
}
