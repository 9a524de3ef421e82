package dev.holdfast.standalone.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = "Assign no more jobs of a pool, an owner or an account; what runs goes on.")
final class PauseCommand implements Callable<Integer> {
  @Mixin private final Controlling controlling = new Controlling();

  @Parameters(index = "0", paramLabel = "SCOPE", description = "pool, owner or account.")
  private String scope = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "Its name.")
  private String name = "";

  @Option(
      names = "--until",
      paramLabel = "WHEN",
      description = "When it ends by itself: an instant, or a time from now such as 2h.")
  private @Nullable String until;

  @Override
  public Integer call() {
    var control = Controlling.control("pause").put("scope", scope).put("name", name);
    if (until != null) {
      control.put("until", SchedulingOptions.instant("--until", until));
    }
    return controlling.set(control);
  }
}
