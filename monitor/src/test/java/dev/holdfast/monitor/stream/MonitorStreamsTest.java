package dev.holdfast.monitor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.schemas.lease.Liveness;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without a broker; what happens with one is shown in the drill. */
class MonitorStreamsTest {
  @TempDir private Path stateDir;

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:1", "no-such-host.invalid:9092"})
  void saysThatItDoesNotWatchAndCanBeClosedWhileNoBrokerAnswers(String bootstrap) {
    var cell = new CellConfig("test", bootstrap, Liveness.DEFAULT);
    var streams =
        MonitorStreams.start(cell, stateDir, 0, Duration.ofSeconds(6), new SimpleMeterRegistry());

    await().until(() -> streams.problem().isPresent());
    assertThat(streams.problem())
        .hasValueSatisfying(problem -> assertThat(problem).startsWith("Kafka Streams is"));

    CompletableFuture.runAsync(streams::close).orTimeout(20, TimeUnit.SECONDS).join();
    assertThat(streams.problem()).isEqualTo(Optional.of("Kafka Streams is not running"));
  }
}
