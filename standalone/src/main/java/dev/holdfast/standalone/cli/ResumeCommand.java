package dev.holdfast.standalone.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = "Assign jobs of a pool, an owner or an account again.")
final class ResumeCommand implements Callable<Integer> {
  @Mixin private final Controlling controlling = new Controlling();

  @Parameters(index = "0", paramLabel = "SCOPE", description = "pool, owner or account.")
  private String scope = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "Its name.")
  private String name = "";

  @Override
  public Integer call() {
    return controlling.remove("pause/" + scope + "/" + name);
  }
}
