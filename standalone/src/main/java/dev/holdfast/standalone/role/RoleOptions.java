package dev.holdfast.standalone.role;

import dev.holdfast.runtime.config.Setting;
import dev.holdfast.runtime.config.Settings;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that every role has; each is a setting, and overrides its environment variable. */
public final class RoleOptions {
  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Kafka bootstrap servers (default: ${env:HOLDFAST_BOOTSTRAP:-127.0.0.1:9092}).")
  private @Nullable String bootstrap;

  @Option(names = "--cell", paramLabel = "NAME", description = "Name of the cell (default: main).")
  private @Nullable String cell;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where this process keeps its files (default: .holdfast/data).")
  private @Nullable String data;

  @Option(
      names = "--heartbeat",
      paramLabel = "DURATION",
      description = "Time between heartbeats, the same in the whole cell (default: 30s).")
  private @Nullable String heartbeat;

  @Option(
      names = "--stale-after",
      paramLabel = "DURATION",
      description =
          "Silence after which a job is requeued, the same in the whole cell (default: 120s).")
  private @Nullable String staleAfter;

  @Option(
      names = "--management",
      paramLabel = "HOST:PORT",
      description = "Address for health and metrics (default: a free port on loopback).")
  private @Nullable String management;

  /** Environment and options together. */
  public Settings settings(Map<Setting, @Nullable String> more) {
    var values = new HashMap<>(System.getenv());
    put(values, Setting.BOOTSTRAP, bootstrap);
    put(values, Setting.CELL, cell);
    put(values, Setting.DATA, data);
    put(values, Setting.HEARTBEAT, heartbeat);
    put(values, Setting.STALE_AFTER, staleAfter);
    put(values, Setting.MANAGEMENT, management);
    more.forEach((setting, value) -> put(values, setting, value));
    return Settings.of(values);
  }

  private static void put(Map<String, String> values, Setting setting, @Nullable String value) {
    if (value != null) {
      values.put(setting.key(), value);
    }
  }
}
