package dev.holdfast.gateway.view;

import dev.holdfast.gateway.log.LogIdentity;
import dev.holdfast.gateway.log.LogSink;
import dev.holdfast.gateway.log.Subscribers;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The view of jobs: folds the events topic, one transaction per batch, then tells who waits. */
public final class JobsView implements LogSink, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobsView.class);

  /** As long as the events topic keeps what the view is rebuilt from. */
  private static final Duration KEEP = Duration.ofDays(30);

  private static final Duration PURGE_EVERY = Duration.ofMinutes(10);
  private static final int PURGE_AT_ONCE = 500;

  private final ViewFile file;
  private final Subscribers<JobId, JobEvent> subscribers;
  private final Subscribers<String, CellEvent> cellSubscribers;
  private final InstantSource clock;

  /** Owned by the tail's thread. */
  private Instant purgeAt = Instant.MIN;

  private JobsView(
      ViewFile file,
      Subscribers<JobId, JobEvent> subscribers,
      Subscribers<String, CellEvent> cellSubscribers,
      InstantSource clock) {
    this.file = file;
    this.subscribers = subscribers;
    this.cellSubscribers = cellSubscribers;
    this.clock = clock;
  }

  public static JobsView open(
      Path path,
      Subscribers<JobId, JobEvent> subscribers,
      Subscribers<String, CellEvent> cellSubscribers,
      InstantSource clock) {
    return new JobsView(ViewFile.open(path, JobRows.SCHEMA), subscribers, cellSubscribers, clock);
  }

  public CellQueries cell() {
    return new CellQueries(file);
  }

  public JobQueries queries() {
    return new JobQueries(file);
  }

  @Override
  public Optional<LogIdentity> identity() {
    return file.identity();
  }

  @Override
  public void reset(LogIdentity identity) {
    file.reset(identity);
  }

  @Override
  public Map<Integer, Long> positions() {
    return file.positions();
  }

  @Override
  public boolean intact() {
    return file.intact();
  }

  @Override
  public void apply(List<ConsumerRecord<String, byte[]>> batch, Map<Integer, Long> next) {
    List<Decoded> events = decode(batch);
    List<DecodedOfCell> ofCell = decodeOfCell(batch);
    Instant now = clock.instant();
    boolean purge = now.isAfter(purgeAt);
    boolean more =
        file.write(connection -> {
          boolean left = false;
          try (var rows = new JobRows(connection)) {
            for (Decoded event : events) {
              rows.apply(event.logged(), event.body());
            }
            rows.store();
            for (DecodedOfCell event : ofCell) {
              CellRows.apply(connection, event.offset(), event.event(), event.body());
            }
            if (purge) {
              CellRows.purge(connection, now.minus(KEEP));
              left = rows.purge(now.minus(KEEP), PURGE_AT_ONCE);
            }
          }
          Checkpoint.move(connection, next);
          return left;
        });
    if (purge && !more) {
      purgeAt = now.plus(PURGE_EVERY);
    }
    for (Decoded decoded : events) {
      JobEvent event = decoded.logged().event();
      subscribers.tell(event.job(), event);
    }
    ofCell.forEach(decoded -> cellSubscribers.tell(decoded.event().subject(), decoded.event()));
  }

  private static boolean isOfCell(ConsumerRecord<String, byte[]> record) {
    return record.key() != null && record.key().startsWith(CellEvent.KEY_PREFIX);
  }

  private static List<DecodedOfCell> decodeOfCell(List<ConsumerRecord<String, byte[]>> batch) {
    var events = new ArrayList<DecodedOfCell>();
    for (ConsumerRecord<String, byte[]> record : batch) {
      if (isOfCell(record) && record.value() != null) {
        try {
          CellEvent event = Serdes.CELL_EVENT.read(record.value());
          events.add(new DecodedOfCell(record.offset(), event, record.value()));
        } catch (InvalidField e) {
          leaveOut(record, e);
        }
      }
    }
    return events;
  }

  private static void leaveOut(ConsumerRecord<String, byte[]> record, InvalidField e) {
    log.error(
        "event at offset {} cannot be read and is left out: {}", record.offset(), e.getMessage());
  }

  /**
   * The events with their bytes, in order. Only the coordinator writes them: one that cannot be
   * read is our bug, and not worth a halt.
   */
  private static List<Decoded> decode(List<ConsumerRecord<String, byte[]>> batch) {
    var events = new ArrayList<Decoded>(batch.size());
    for (ConsumerRecord<String, byte[]> record : batch) {
      if (record.value() == null || isOfCell(record)) {
        continue;
      }
      try {
        events.add(
            new Decoded(
                new LoggedEvent(record.offset(), Serdes.EVENT.read(record.value())),
                record.value()));
      } catch (InvalidField e) {
        leaveOut(record, e);
      }
    }
    return events;
  }

  private record Decoded(LoggedEvent logged, byte[] body) {}

  private record DecodedOfCell(long offset, CellEvent event, byte[] body) {}

  @Override
  public void close() {
    file.close();
  }
}
