package dev.holdfast.standalone.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "drain",
    mixinStandardHelpOptions = true,
    description = "Let a worker finish what it holds, and give it nothing new.")
final class DrainCommand implements Callable<Integer> {
  @Mixin private final Controlling controlling = new Controlling();

  @Parameters(paramLabel = "WORKER", description = "Its id; see holdfast workers.")
  private String worker = "";

  @Override
  public Integer call() {
    return controlling.set(Controlling.control("drain").put("worker", worker));
  }
}
