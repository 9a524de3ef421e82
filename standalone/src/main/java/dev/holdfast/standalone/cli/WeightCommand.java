package dev.holdfast.standalone.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "weight",
    mixinStandardHelpOptions = true,
    description = "Give an owner a larger share of the workers than others.")
final class WeightCommand implements Callable<Integer> {
  @Mixin private final Controlling controlling = new Controlling();

  @Parameters(index = "0", paramLabel = "OWNER", description = "Whose.")
  private String owner = "";

  @Parameters(index = "1", paramLabel = "N", description = "1 is everybody's without one.")
  private int weight;

  @Override
  public Integer call() {
    return weight == 1
        ? controlling.remove("weight/owner/" + owner)
        : controlling.set(Controlling.control("weight").put("owner", owner).put("weight", weight));
  }
}
