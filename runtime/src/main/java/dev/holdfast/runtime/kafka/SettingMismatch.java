package dev.holdfast.runtime.kafka;

import dev.holdfast.schemas.topic.CellTopic;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.jspecify.annotations.Nullable;

/**
 * A setting of a topic that is not as the catalogue says.
 *
 * @param topic full name
 * @param setting as Kafka names it
 * @param found null if the broker does not tell
 */
record SettingMismatch(String topic, String setting, @Nullable String found, String expected) {
  /** With another clean-up, or with times that strangers set, records are lost or misjudged. */
  private static final Set<String> PROMISES_DEPEND_ON =
      Set.of("cleanup.policy", "message.timestamp.type");

  /** In alphabetical order of the settings. */
  static List<SettingMismatch> of(CellTopic topic, String name, Config found) {
    return new TreeMap<>(topic.settings())
        .entrySet().stream()
            .map(wanted ->
                new SettingMismatch(
                    name, wanted.getKey(), valueOf(found, wanted.getKey()), wanted.getValue()))
            .filter(each -> !each.expected().equals(each.found()))
            .toList();
  }

  boolean breaksPromises() {
    return PROMISES_DEPEND_ON.contains(setting);
  }

  /** What was found, what was expected, and the command that corrects it. */
  @Override
  public String toString() {
    String wrong = "%s has %s=%s instead of %s".formatted(topic, setting, found, expected);
    String correction =
        "kafka-configs.sh --bootstrap-server ADDRESS --alter --entity-type topics --entity-name %s"
            .formatted(topic);
    return "%s; to correct it: %s --add-config %s=%s"
        .formatted(wrong, correction, setting, expected);
  }

  private static @Nullable String valueOf(Config config, String setting) {
    ConfigEntry entry = config.get(setting);
    return entry == null ? null : entry.value();
  }
}
