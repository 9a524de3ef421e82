package dev.holdfast.standalone.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "undrain",
    mixinStandardHelpOptions = true,
    description = "Give a drained worker jobs again.")
final class UndrainCommand implements Callable<Integer> {
  @Mixin private final Controlling controlling = new Controlling();

  @Parameters(paramLabel = "WORKER", description = "Its id; see holdfast workers.")
  private String worker = "";

  @Override
  public Integer call() {
    return controlling.remove("drain/worker/" + worker);
  }
}
