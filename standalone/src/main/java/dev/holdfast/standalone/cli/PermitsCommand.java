package dev.holdfast.standalone.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "permits",
    mixinStandardHelpOptions = true,
    description = "Say how many permits a lock has.")
final class PermitsCommand implements Callable<Integer> {
  @Mixin private final Controlling controlling = new Controlling();

  @Parameters(index = "0", paramLabel = "LOCK", description = "Its name.")
  private String lock = "";

  @Parameters(index = "1", paramLabel = "N", description = "1 is every lock's without one.")
  private int permits;

  @Override
  public Integer call() {
    return permits == 1
        ? controlling.remove("permits/lock/" + lock)
        : controlling.set(Controlling.control("permits").put("lock", lock).put("permits", permits));
  }
}
