package dev.holdfast.runtime.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionsTest {
  static Stream<String> keys() {
    var random = new Random(7);
    return Stream.concat(
        Stream.of("", "a", "worker-1", "job-1", "~tick-3", "ä", "漢字", "x".repeat(100)),
        Stream.generate(() -> "worker-" + Long.toString(random.nextLong(), 36)).limit(200));
  }

  /** A worker reads the partition that the coordinator's producer writes to, or waits for ever. */
  @ParameterizedTest
  @MethodSource("keys")
  void isWhereKafkasOwnProducerSendsAKey(String key) {
    for (int partitions : new int[] {1, 2, 7, 16, 1_000}) {
      assertThat(Partitions.of(key, partitions))
          .isEqualTo(BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), partitions));
    }
  }

  @Test
  void usesEveryPartition() {
    assertThat(IntStream.range(0, 500).map(i -> Partitions.of("worker-" + i, 16)).distinct())
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 16).boxed().toList());
  }
}
