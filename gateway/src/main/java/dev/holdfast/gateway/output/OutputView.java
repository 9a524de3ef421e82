package dev.holdfast.gateway.output;

import dev.holdfast.gateway.log.LogIdentity;
import dev.holdfast.gateway.log.LogSink;
import dev.holdfast.gateway.log.Subscribers;
import dev.holdfast.gateway.view.Checkpoint;
import dev.holdfast.gateway.view.ViewFile;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The index of output: folds the output topic, one transaction per batch, then tells who waits. */
public final class OutputView implements LogSink, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OutputView.class);

  private final ViewFile file;
  private final RecentChunks recent;
  private final Subscribers<JobId, Boolean> subscribers;

  private OutputView(ViewFile file, RecentChunks recent, Subscribers<JobId, Boolean> subscribers) {
    this.file = file;
    this.recent = recent;
    this.subscribers = subscribers;
  }

  public static OutputView open(
      Path path, RecentChunks recent, Subscribers<JobId, Boolean> subscribers) {
    return new OutputView(ViewFile.open(path, OutputRows.SCHEMA), recent, subscribers);
  }

  public OutputQueries queries() {
    return new OutputQueries(file);
  }

  @Override
  public Optional<LogIdentity> identity() {
    return file.identity();
  }

  @Override
  public void reset(LogIdentity identity) {
    recent.clear();
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
  public void begins(Map<Integer, Long> first) {
    file.write(connection -> {
      for (var entry : first.entrySet()) {
        OutputRows.purge(connection, entry.getKey(), entry.getValue());
      }
      return true;
    });
  }

  @Override
  public void apply(List<ConsumerRecord<String, byte[]>> batch, Map<Integer, Long> next) {
    List<Found> chunks = decode(batch);
    file.write(connection -> {
      try (var rows = new OutputRows(connection)) {
        for (Found found : chunks) {
          rows.add(found.key(), found.span());
        }
        rows.store();
      }
      Checkpoint.move(connection, next);
      return true;
    });
    var jobs = new LinkedHashSet<JobId>();
    for (Found found : chunks) {
      if (found.chunk() instanceof OutputChunk.Bytes bytes) {
        recent.put(found.span().partition(), found.span().position(), found.key(), bytes);
      }
      jobs.add(found.key().job());
    }
    jobs.forEach(job -> subscribers.tell(job, true));
  }

  /** What cannot be read leaves a gap, which whoever reads the output is told about. */
  private static List<Found> decode(List<ConsumerRecord<String, byte[]>> batch) {
    var chunks = new ArrayList<Found>(batch.size());
    for (ConsumerRecord<String, byte[]> record : batch) {
      if (record.value() == null) {
        continue;
      }
      try {
        OutputChunk chunk = Serdes.OUTPUT.read(record.value());
        if (chunk.end() > chunk.offset()) {
          chunks.add(found(record, chunk));
        }
      } catch (InvalidField e) {
        log.warn(
            "output record {}@{} cannot be read and leaves a gap: {}",
            record.partition(),
            record.offset(),
            e.getMessage());
      }
    }
    return chunks;
  }

  private static Found found(ConsumerRecord<String, byte[]> record, OutputChunk chunk) {
    return new Found(
        new StreamKey(new JobId(record.key()), chunk.token(), chunk.stream()),
        new Span(
            chunk.offset(),
            chunk.end(),
            chunk instanceof OutputChunk.Cut,
            record.partition(),
            record.offset(),
            chunk.offset()),
        chunk);
  }

  private record Found(StreamKey key, Span span, OutputChunk chunk) {}

  @Override
  public void close() {
    file.close();
  }
}
