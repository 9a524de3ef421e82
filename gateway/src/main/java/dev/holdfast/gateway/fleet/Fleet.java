package dev.holdfast.gateway.fleet;

import dev.holdfast.gateway.log.LogIdentity;
import dev.holdfast.gateway.log.LogSink;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.worker.Presence;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest presence of each worker. Written by its tail's thread, read by many. */
public final class Fleet implements LogSink {
  private static final Logger log = LoggerFactory.getLogger(Fleet.class);
  private static final int SILENT_INTERVALS = 3;

  private final LogTime time;
  private final ConcurrentSkipListMap<String, Seen> workers = new ConcurrentSkipListMap<>();

  /** Both owned by the tail's thread. */
  private final Map<Integer, Long> positions = new HashMap<>();

  private @Nullable LogIdentity identity;

  /**
   * Empty at first.
   *
   * @param time moved on by every presence
   */
  public Fleet(LogTime time) {
    this.time = time;
  }

  /**
   * A worker's newest announcement.
   *
   * @param at when Kafka took it
   */
  public record Seen(Presence presence, Instant at) {
    /** Whether more than three announcements have failed to come. */
    public boolean silent(Instant now) {
      Duration most = Duration.ofMillis(SILENT_INTERVALS * presence.intervalMs());
      return Duration.between(at, now).compareTo(most) > 0;
    }
  }

  /** All workers ever seen that were not removed, by id. */
  public List<Seen> workers() {
    return List.copyOf(workers.values());
  }

  /** By the log's clock: who has been silent is judged by it. */
  public Instant now() {
    return time.now();
  }

  @Override
  public Optional<LogIdentity> identity() {
    return Optional.ofNullable(identity);
  }

  @Override
  public void reset(LogIdentity next) {
    workers.clear();
    positions.clear();
    identity = next;
  }

  @Override
  public Map<Integer, Long> positions() {
    return Map.copyOf(positions);
  }

  @Override
  public boolean intact() {
    return true;
  }

  @Override
  public void apply(List<ConsumerRecord<String, byte[]>> batch, Map<Integer, Long> next) {
    for (ConsumerRecord<String, byte[]> record : batch) {
      time.seen(record.timestamp());
      if (record.value() == null) {
        workers.remove(record.key());
      } else {
        take(record);
      }
    }
    positions.putAll(next);
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    try {
      Presence presence = Serdes.PRESENCE.read(record.value());
      workers.put(record.key(), new Seen(presence, Instant.ofEpochMilli(record.timestamp())));
    } catch (InvalidField e) {
      log.warn(
          "presence of worker {} cannot be read and is left out: {}", record.key(), e.getMessage());
    }
  }
}
