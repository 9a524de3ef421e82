package dev.holdfast.gateway;

import dev.holdfast.gateway.log.LogIdentity;
import dev.holdfast.gateway.log.LogSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes the place of a topic of one partition and of its tail. */
public final class Logged {
  private static final int PARTITION = 0;

  private final LogSink sink;
  private long next;

  public Logged(LogSink sink) {
    this.sink = sink;
    if (sink.identity().isEmpty()) {
      sink.reset(new LogIdentity("cluster", "topic"));
    }
    this.next = sink.positions().getOrDefault(PARTITION, 0L);
  }

  /** A record as it lies in the log. */
  public record Entry(String key, byte[] value) {}

  public void tell(Entry... entries) {
    tell(Arrays.asList(entries));
  }

  public void tell(List<Entry> entries) {
    var batch = new ArrayList<ConsumerRecord<String, byte[]>>();
    for (Entry entry : entries) {
      batch.add(new ConsumerRecord<>("topic", PARTITION, next++, entry.key(), entry.value()));
    }
    sink.apply(batch, new HashMap<>(Map.of(PARTITION, next)));
  }

  public long next() {
    return next;
  }
}
