package dev.holdfast.worker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.topic.DeadLetter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class KafkaLinksTest {
  @Test
  void setsAsideAnOrderWithItsPlaceAndReason() {
    var letter = letter(new ConsumerRecord<>("orders", 3, 7, "worker-1", new byte[] {1, 2}), "bad");

    assertThat(letter.topic()).isEqualTo("holdfast.blue.dead-letters");
    assertThat(letter.key()).isEqualTo("orders-3@7");
    assertThat(letter.value()).containsExactly(1, 2);
    assertThat(header(letter, DeadLetter.REASON)).isEqualTo("bad");
    assertThat(header(letter, DeadLetter.TOPIC)).isEqualTo("orders");
    assertThat(header(letter, DeadLetter.PARTITION)).isEqualTo("3");
    assertThat(header(letter, DeadLetter.OFFSET)).isEqualTo("7");
    assertThat(header(letter, DeadLetter.KEY)).isEqualTo("worker-1");
  }

  @Test
  void aVeryLargeOrderIsCutToWhatARecordTakes() {
    var large = new ConsumerRecord<>("orders", 3, 7, "k".repeat(100_000), new byte[3_000_000]);

    var letter = letter(large, "r".repeat(100_000));

    assertThat(letter.value()).hasSizeLessThan(900_000);
    assertThat(header(letter, DeadLetter.CUT_FROM)).isEqualTo("3000000");
    assertThat(header(letter, DeadLetter.KEY)).hasSizeLessThan(10_000);
    assertThat(header(letter, DeadLetter.REASON)).hasSizeLessThan(10_000);
  }

  @Test
  void anOrderWithoutKeyAndValueHasNoneAsADeadLetterEither() {
    var letter = letter(new ConsumerRecord<>("orders", 3, 7, null, null), "bad");

    assertThat(letter.value()).isNull();
    assertThat(letter.headers().lastHeader(DeadLetter.KEY)).isNull();
  }

  private static ProducerRecord<String, byte[]> letter(
      ConsumerRecord<String, byte[]> record, String reason) {
    return KafkaLinks.letter("blue", record, reason);
  }

  private static String header(ProducerRecord<String, byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), UTF_8);
  }
}
