package dev.holdfast.monitor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.topic.RecordSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorSettingsTest {
  @ParameterizedTest(name = "heartbeat {0}, stale after {1}")
  @CsvSource({"PT30S, PT120S, 100, 100", "PT1S, PT5S, 83, 5", "PT0.1S, PT0.5S, 8, 5"})
  void committedAndPolledSeveralTimesATick(
      Duration heartbeat, Duration staleAfter, long commitMs, long pollMs) {
    var cell = new CellConfig("blue", "127.0.0.1:9", new Liveness(heartbeat, staleAfter));

    Properties properties =
        MonitorStreams.settings(cell, Path.of("/srv/holdfast/monitor"), 1, Duration.ofSeconds(6));
    var settings = new StreamsConfig(properties);

    assertThat(settings.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)).isEqualTo(commitMs);
    assertThat(settings.getLong(StreamsConfig.POLL_MS_CONFIG)).isEqualTo(pollMs);
    assertThat(settings.getString(StreamsConfig.APPLICATION_ID_CONFIG))
        .isEqualTo("holdfast.blue.monitor");
    assertThat(settings.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))
        .isEqualTo(StreamsConfig.EXACTLY_ONCE_V2);
    assertThat(settings.getInt(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG)).isEqualTo(1);
    assertThat(settings.getProducerConfigs("m"))
        .containsEntry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordSize.MOST_REQUEST_BYTES);
  }
}
