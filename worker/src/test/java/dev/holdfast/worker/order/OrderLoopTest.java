package dev.holdfast.worker.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderLoopTest {
  private static final WorkerId WORKER = new WorkerId("w-1");
  private static final TopicPartition PARTITION = new TopicPartition("orders", 3);

  private final Consumer consumer = new Consumer();
  private final List<Order> carriedOut = new CopyOnWriteArrayList<>();
  private final List<String> buried = new CopyOnWriteArrayList<>();
  private volatile CompletableFuture<Void> answer = CompletableFuture.completedFuture(null);
  private OrderLoop loop;
  private Thread thread;

  @BeforeEach
  void log() {
    consumer.updateBeginningOffsets(Map.of(PARTITION, 10L));
    consumer.updateEndOffsets(Map.of(PARTITION, 20L));
  }

  private void start() {
    loop =
        OrderLoop.positioned(
            WORKER,
            new OrderLoop.OrderSource(consumer, PARTITION),
            order -> {
              if (order instanceof Order.Look look && look.token().value() == 666) {
                throw new IllegalStateException("a bug");
              }
              carriedOut.add(order);
              return answer;
            },
            (record, reason) -> buried.add(record.offset() + ": " + reason));
    thread = Thread.ofPlatform().start(loop);
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (loop != null) {
      loop.close();
      thread.join(5000);
    }
  }

  private static Order look(long token) {
    return new Order.Look(WORKER, new JobId("job-1"), new Token(token));
  }

  private void say(long offset, String key, byte[] value) {
    consumer.schedulePollTask(
        () -> consumer.addRecord(new ConsumerRecord<>("orders", 3, offset, key, value)));
  }

  @Test
  void startsAtTheEndWithoutACommittedOffset() {
    start();
    say(20, "w-1", Serdes.ORDER.write(look(1)));

    await().until(() -> carriedOut.size() == 1);
  }

  @Test
  void startsAtTheCommittedOffset() {
    consumer.committedEarlier = 15;
    start();
    say(15, "w-1", Serdes.ORDER.write(look(1)));

    await().until(() -> carriedOut.equals(List.of(look(1))));
  }

  @Test
  void startsAtTheEndWhenTheCommittedOffsetIsGone() {
    consumer.committedEarlier = 5;

    assertThat(StartPosition.take(consumer, PARTITION)).isEqualTo(20);
  }

  @Test
  void skipsWhatIsForAnotherWorker() {
    start();
    say(20, "w-2", Serdes.ORDER.write(look(1)));
    say(21, "w-1", Serdes.ORDER.write(look(2)));

    await().until(() -> carriedOut.equals(List.of(look(2))));
  }

  @Test
  void buriesWhatItCannotReadAndGoesOn() {
    start();
    say(20, "w-1", "{not json".getBytes(UTF_8));
    say(21, "w-1", "{\"type\":\"dance\"}".getBytes(UTF_8));
    say(22, "w-1", Serdes.ORDER.write(look(3)));

    await().until(() -> carriedOut.equals(List.of(look(3))));
    assertThat(buried).hasSize(2);
    assertThat(buried.get(0)).startsWith("20: ").contains("not valid JSON");
    assertThat(buried.get(1)).startsWith("21: ").contains("dance");
  }

  @Test
  void outlivesABugMetByOneOrder() {
    start();
    say(20, "w-1", Serdes.ORDER.write(look(666)));
    say(21, "w-1", Serdes.ORDER.write(look(2)));

    await().until(() -> carriedOut.equals(List.of(look(2))));
    assertThat(buried).singleElement().asString().contains("bug");
  }

  @Test
  void commitsOnlyWhatIsDurableAndInOrder() {
    var durable = new CompletableFuture<Void>();
    answer = durable;
    start();
    say(20, "w-1", Serdes.ORDER.write(look(1)));
    await().until(() -> carriedOut.size() == 1);
    answer = CompletableFuture.completedFuture(null);
    say(21, "w-1", Serdes.ORDER.write(look(2)));
    await().until(() -> carriedOut.size() == 2);

    assertThat(offsetCommittedNow()).isEmpty();

    durable.complete(null);
    await().until(() -> offsetCommittedNow().equals(Set.of(22L)));
  }

  /** Asked on the loop's own thread, which alone may use the consumer. */
  private Set<Long> offsetCommittedNow() {
    var seen = new CompletableFuture<Set<Long>>();
    consumer.schedulePollTask(() -> {
      OffsetAndMetadata offset = consumer.committed(Set.of(PARTITION)).get(PARTITION);
      seen.complete(offset == null ? Set.of() : Set.of(offset.offset()));
    });
    return seen.join();
  }

  /** Remembers what an earlier incarnation committed; the mock forgets that when it is assigned. */
  private static final class Consumer extends MockConsumer<String, byte[]> {
    private long committedEarlier = -1;

    Consumer() {
      super("none");
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
        Set<TopicPartition> partitions) {
      var committed = new HashMap<>(super.committed(partitions));
      if (committed.get(PARTITION) == null && committedEarlier >= 0) {
        committed.put(PARTITION, new OffsetAndMetadata(committedEarlier));
      }
      return committed;
    }
  }
}
