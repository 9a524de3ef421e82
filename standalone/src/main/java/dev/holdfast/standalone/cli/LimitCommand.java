package dev.holdfast.standalone.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "limit",
    mixinStandardHelpOptions = true,
    description = "Limit how many jobs of an owner, a repository or a label run at once.")
final class LimitCommand implements Callable<Integer> {
  @Mixin private final Controlling controlling = new Controlling();

  @Parameters(index = "0", paramLabel = "SCOPE", description = "owner, repository or label.")
  private String scope = "";

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "Its name; the URL of a repository; NAME=VALUE of a label.")
  private String name = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "N",
      description = "How many; no limit any more if left out.")
  private @Nullable Integer running;

  @Override
  public Integer call() {
    if (running == null) {
      return controlling.remove("limit/" + scope + "/" + name);
    }
    return controlling.set(
        Controlling.control("limit").put("scope", scope).put("name", name).put("running", running));
  }
}
