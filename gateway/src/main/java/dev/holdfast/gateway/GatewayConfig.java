package dev.holdfast.gateway;

import dev.holdfast.runtime.config.Address;
import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.config.Setting;
import dev.holdfast.runtime.config.Settings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a gateway needs to know.
 *
 * @param http where its API listens
 * @param data directory of its views, which can be deleted
 * @param decisionWait how long a request waits for the coordinator
 */
public record GatewayConfig(CellConfig cell, Address http, Path data, Duration decisionWait) {
  public static GatewayConfig from(Settings settings) {
    Duration wait = settings.duration(Setting.DECISION_WAIT);
    if (wait.isNegative() || wait.compareTo(Duration.ofSeconds(30)) > 0) {
      settings.problem(Setting.DECISION_WAIT, "must be from 0s to 30s, not " + wait);
    }
    CellConfig cell = CellConfig.from(settings);
    return new GatewayConfig(
        cell,
        settings.address(Setting.HTTP),
        settings.path(Setting.DATA).resolve("gateway").resolve(cell.cell()),
        wait);
  }
}
