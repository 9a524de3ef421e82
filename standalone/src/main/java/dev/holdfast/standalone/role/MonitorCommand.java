package dev.holdfast.standalone.role;

import dev.holdfast.monitor.MonitorConfig;
import dev.holdfast.monitor.MonitorService;
import dev.holdfast.runtime.config.Setting;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "monitor",
    mixinStandardHelpOptions = true,
    description = "Run a monitor: it judges on the log's own clock which jobs have gone silent.")
public final class MonitorCommand implements Callable<Integer> {
  @Mixin private final RoleOptions options = new RoleOptions();

  @Override
  public Integer call() throws InterruptedException {
    var settings = options.settings(Map.of());
    var config = settings.build(() -> MonitorConfig.from(settings));
    Roles.run(settings, settings.path(Setting.DATA), List.of(() -> MonitorService.open(config)));
    return 0;
  }
}
