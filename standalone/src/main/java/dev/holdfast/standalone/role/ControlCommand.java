package dev.holdfast.standalone.role;

import dev.holdfast.coordinator.CoordinatorConfig;
import dev.holdfast.coordinator.CoordinatorService;
import dev.holdfast.gateway.GatewayConfig;
import dev.holdfast.gateway.GatewayService;
import dev.holdfast.monitor.MonitorConfig;
import dev.holdfast.monitor.MonitorService;
import dev.holdfast.runtime.config.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "control",
    mixinStandardHelpOptions = true,
    description = "Run the control plane in one process: coordinator, monitor and gateway.")
public final class ControlCommand implements Callable<Integer> {
  @Mixin private final RoleOptions options = new RoleOptions();

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = "Address of the HTTP API (default: 127.0.0.1:8080).")
  private @Nullable String http;

  @Override
  public Integer call() throws InterruptedException {
    var more = new HashMap<Setting, @Nullable String>();
    more.put(Setting.HTTP, http);
    var settings = options.settings(more);
    record Configs(CoordinatorConfig coordinator, MonitorConfig monitor, GatewayConfig gateway) {}
    var configs =
        settings.build(() ->
            new Configs(
                CoordinatorConfig.from(settings),
                MonitorConfig.from(settings),
                GatewayConfig.from(settings)));
    Roles.run(
        settings,
        settings.path(Setting.DATA),
        List.of(
            () -> CoordinatorService.open(configs.coordinator()),
            () -> MonitorService.open(configs.monitor()),
            () -> GatewayService.start(configs.gateway(), Roles.metrics())));
    return 0;
  }
}
