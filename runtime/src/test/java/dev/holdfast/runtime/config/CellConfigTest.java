package dev.holdfast.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.schemas.lease.Liveness;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellConfigTest {
  @Test
  void hasTheDefaultsOfTheDesign() {
    CellConfig config = built(Map.of());

    assertThat(config).isEqualTo(new CellConfig("main", "127.0.0.1:9092", Liveness.DEFAULT));
    assertThat(config.tick()).isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource({"1s, 5s", "1s, 4s", "30s, 120s", "100ms, 400ms", "5m, 1h"})
  void takesALivenessThatItCanKeep(String heartbeat, String staleAfter) {
    CellConfig config =
        built(Map.of("HOLDFAST_HEARTBEAT", heartbeat, "HOLDFAST_STALE_AFTER", staleAfter));

    assertThat(config.liveness())
        .isEqualTo(new Liveness(Durations.parse(heartbeat), Durations.parse(staleAfter)));
    assertThat(config.tick().multipliedBy(6)).isLessThanOrEqualTo(config.liveness().heartbeat());
  }

  @ParameterizedTest
  @CsvSource({
    "30s,  119s, HOLDFAST_STALE_AFTER: must be at least four heartbeats",
    "30s,  8d,   HOLDFAST_STALE_AFTER: must be at most 7 days",
    "99ms, 120s, HOLDFAST_HEARTBEAT: must be at least PT0.1S",
    "0s,   120s, HOLDFAST_HEARTBEAT: must be at least PT0.1S"
  })
  void refusesALivenessThatItCannotKeep(String heartbeat, String staleAfter, String problem) {
    assertThatExceptionOfType(InvalidConfig.class)
        .isThrownBy(() ->
            built(Map.of("HOLDFAST_HEARTBEAT", heartbeat, "HOLDFAST_STALE_AFTER", staleAfter)))
        .satisfies(e -> assertThat(e.problems()).singleElement().asString().startsWith(problem));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 2", "5, 4"})
  void letsOneBrokerBeAway(int replication, int minInSync) {
    CellConfig config = built(Map.of("HOLDFAST_REPLICATION", Integer.toString(replication)));

    assertThat(config.replication()).contains(replication);
    assertThat(config.minInSync()).contains(minInSync);
  }

  @Test
  void leavesReplicationToTheClusterUnlessAsked() {
    assertThat(built(Map.of()).replication()).isEmpty();
    assertThat(built(Map.of()).minInSync()).isEmpty();
    assertThatExceptionOfType(InvalidConfig.class)
        .isThrownBy(() -> built(Map.of("HOLDFAST_REPLICATION", "-1")))
        .withMessageContaining("HOLDFAST_REPLICATION");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Main", "a.b", "-a", "a_b", "a b", "ä"})
  void refusesACellThatCannotBePartOfATopic(String cell) {
    assertThatExceptionOfType(InvalidConfig.class)
        .isThrownBy(() -> built(Map.of("HOLDFAST_CELL", cell)))
        .withMessageContaining("HOLDFAST_CELL: must be 1 to 40 of a-z, 0-9 and '-'");
  }

  private static CellConfig built(Map<String, String> values) {
    Settings settings = Settings.of(values);
    return settings.build(() -> CellConfig.from(settings));
  }
}
