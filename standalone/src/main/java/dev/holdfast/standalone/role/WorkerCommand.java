package dev.holdfast.standalone.role;

import dev.holdfast.runtime.config.Setting;
import dev.holdfast.worker.WorkerConfig;
import dev.holdfast.worker.WorkerService;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = "Run one more worker, on this machine or on another.")
public final class WorkerCommand implements Callable<Integer> {
  @Mixin private final RoleOptions options = new RoleOptions();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "Stable name of this worker (default: made up once, kept in its data directory).")
  private @Nullable String name;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "How many attempts it holds at once (default: 4).")
  private @Nullable String slots;

  @Option(
      names = "--drain",
      paramLabel = "DURATION",
      description = "How long it waits for running jobs when it is stopped (default: 30s).")
  private @Nullable String drain;

  @Option(
      names = "--secrets",
      paramLabel = "DIR",
      description = "Its secrets, a file of mode 0600 each (default: secrets in its data).")
  private @Nullable String secrets;

  @Option(
      names = "--agent-files",
      paramLabel = "DIR",
      description = "Its bundles of agent files (default: agent-files in its data).")
  private @Nullable String agentFiles;

  @Override
  public Integer call() throws InterruptedException {
    var more = new HashMap<Setting, @Nullable String>();
    more.put(Setting.WORKER, name);
    more.put(Setting.SLOTS, slots);
    more.put(Setting.DRAIN, drain);
    more.put(Setting.SECRETS, secrets);
    more.put(Setting.AGENT_FILES, agentFiles);
    var settings = options.settings(more);
    var config = settings.build(() -> WorkerConfig.from(settings, System.getenv()));
    Roles.run(settings, settings.path(Setting.DATA), List.of(() -> WorkerService.open(config)));
    return 0;
  }
}
