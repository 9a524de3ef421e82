package dev.holdfast.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.schemas.topic.CellTopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettingMismatchTest {
  @ParameterizedTest
  @EnumSource
  void aTopicAsTheCatalogueSaysHasNone(CellTopic topic) {
    assertThat(found(topic, Map.of("flush.ms", "7"))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everySettingOfTheCatalogueIsCompared(CellTopic topic) {
    topic
        .settings()
        .keySet()
        .forEach(setting ->
            assertThat(found(topic, Map.of(setting, "other")))
                .singleElement()
                .satisfies(mismatch -> assertThat(mismatch.setting()).isEqualTo(setting)));
  }

  @Test
  void promisesDependOnTheCleanUpAndOnWhoseTimeItIs() {
    assertThat(
            found(
                CellTopic.WORKERS,
                Map.of(
                    "cleanup.policy", "delete",
                    "message.timestamp.type", "CreateTime",
                    "segment.ms", "1")))
        .extracting(SettingMismatch::setting, SettingMismatch::breaksPromises)
        .containsExactly(
            tuple("cleanup.policy", true),
            tuple("message.timestamp.type", true),
            tuple("segment.ms", false));
  }

  @Test
  void tellsWhatWasFoundAndHowToCorrectIt() {
    assertThat(found(CellTopic.EVENTS, Map.of("retention.ms", "1000")))
        .singleElement()
        .hasToString(
            "holdfast.blue.events has retention.ms=1000 instead of 2592000000; to correct it:"
                + " kafka-configs.sh --bootstrap-server ADDRESS --alter --entity-type topics"
                + " --entity-name holdfast.blue.events --add-config retention.ms=2592000000");
  }

  private static List<SettingMismatch> found(CellTopic topic, Map<String, String> otherwise) {
    var settings = new HashMap<>(topic.settings());
    settings.putAll(otherwise);
    return SettingMismatch.of(
        topic,
        topic.in("blue"),
        new Config(
            settings.entrySet().stream()
                .map(setting -> new ConfigEntry(setting.getKey(), setting.getValue()))
                .toList()));
  }
}
