package dev.holdfast.monitor;

import dev.holdfast.runtime.config.Address;
import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.config.Setting;
import dev.holdfast.runtime.config.Settings;
import java.nio.file.Path;

/**
 * Configuration of a monitor.
 *
 * @param stateDir where Kafka Streams keeps its state; can be deleted while the process is down
 * @param standbys copies of the state kept by other monitors, for a quick take-over
 */
public record MonitorConfig(CellConfig cell, Path stateDir, int standbys, Address management) {

  public static MonitorConfig from(Settings settings) {
    return new MonitorConfig(
        CellConfig.from(settings),
        settings.path(Setting.DATA).resolve("monitor"),
        settings.integer(Setting.STANDBYS, 0, 5),
        settings.address(Setting.MANAGEMENT));
  }
}
