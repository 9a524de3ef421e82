package dev.holdfast.coordinator;

import dev.holdfast.coordinator.cell.CellRules;
import dev.holdfast.runtime.config.Address;
import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.config.Setting;
import dev.holdfast.runtime.config.Settings;
import java.nio.file.Path;

/**
 * Configuration of a coordinator.
 *
 * @param stateDir where Kafka Streams keeps its state; can be deleted while the process is down
 * @param standbys copies of the state kept by other coordinators, for a quick take-over
 */
public record CoordinatorConfig(
    CellConfig cell, int lostLimit, Path stateDir, int standbys, Address management) {

  public static CoordinatorConfig from(Settings settings) {
    return new CoordinatorConfig(
        CellConfig.from(settings),
        settings.integer(Setting.LOST_ATTEMPTS, 0, 1000),
        settings.path(Setting.DATA).resolve("coordinator"),
        settings.integer(Setting.STANDBYS, 0, 5),
        settings.address(Setting.MANAGEMENT));
  }

  CellRules rules() {
    return new CellRules(cell.liveness(), cell.tick(), lostLimit);
  }
}
