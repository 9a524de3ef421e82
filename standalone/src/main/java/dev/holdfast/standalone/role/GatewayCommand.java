package dev.holdfast.standalone.role;

import dev.holdfast.gateway.GatewayConfig;
import dev.holdfast.gateway.GatewayService;
import dev.holdfast.runtime.config.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    description = "Run a gateway: the HTTP API and its read model.")
public final class GatewayCommand implements Callable<Integer> {
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
    var config = settings.build(() -> GatewayConfig.from(settings));
    Roles.run(
        settings,
        settings.path(Setting.DATA),
        List.of(() -> GatewayService.start(config, Roles.metrics())));
    return 0;
  }
}
