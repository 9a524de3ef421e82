package dev.holdfast.standalone.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "controls",
    mixinStandardHelpOptions = true,
    description = "List pauses, limits, weights, drained workers and sizes of locks.")
final class ControlsCommand implements Callable<Integer> {
  @Mixin private final Controlling controlling = new Controlling();

  @Override
  public Integer call() {
    return controlling.list();
  }
}
