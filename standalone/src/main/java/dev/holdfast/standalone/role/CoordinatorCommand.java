package dev.holdfast.standalone.role;

import dev.holdfast.coordinator.CoordinatorConfig;
import dev.holdfast.coordinator.CoordinatorService;
import dev.holdfast.runtime.config.Setting;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "coordinator",
    mixinStandardHelpOptions = true,
    description = "Run a coordinator: it alone decides the fate of a cell's jobs.")
public final class CoordinatorCommand implements Callable<Integer> {
  @Mixin private final RoleOptions options = new RoleOptions();

  @Override
  public Integer call() throws InterruptedException {
    var settings = options.settings(Map.of());
    var config = settings.build(() -> CoordinatorConfig.from(settings));
    Roles.run(
        settings, settings.path(Setting.DATA), List.of(() -> CoordinatorService.open(config)));
    return 0;
  }
}
