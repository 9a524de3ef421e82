package dev.holdfast.monitor.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.monitor.liveness.LeaseWatch;
import dev.holdfast.monitor.liveness.MassSilence;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.topic.DeadLetter;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way out of a task: proposals, ticks and dead letters as records, counted. */
final class Outlet {
  private static final Logger log = LoggerFactory.getLogger(Outlet.class);

  private final ProcessorContext<String, byte[]> context;
  private final MonitorFigures figures;

  Outlet(ProcessorContext<String, byte[]> context, MonitorFigures figures) {
    this.context = context;
    this.figures = figures;
  }

  void propose(JobCommand proposal) {
    log.debug("proposing {}", proposal);
    figures.proposed(proposal);
    send(MonitorTopology.COMMANDS_SINK, proposal.job().value(), Serdes.COMMAND.write(proposal));
  }

  void tick(int partition, LeaseRecord.Tick tick) {
    send(MonitorTopology.TICKS_SINK, LeaseRecord.tickKey(partition), Serdes.LEASE.write(tick));
  }

  void ticked(int partition, LeaseWatch watch, Optional<MassSilence> alert, long nowNanos) {
    figures.ticked(partition, watch, nowNanos);
    alert.ifPresent(silence -> {
      log.warn("partition {}: {}", partition, silence);
      figures.massSilence();
    });
  }

  void deadLetter(Record<String, byte[]> record, String reason) {
    RecordMetadata position = context.recordMetadata().orElseThrow();
    String key = DeadLetter.keyOf(position.topic(), position.partition(), position.offset());
    log.warn("{} cannot be understood: {}", key, reason);
    figures.deadLetter();
    Headers headers =
        new RecordHeaders()
            .add(DeadLetter.REASON, reason.getBytes(UTF_8))
            .add(DeadLetter.TOPIC, position.topic().getBytes(UTF_8))
            .add(DeadLetter.PARTITION, Integer.toString(position.partition()).getBytes(UTF_8))
            .add(DeadLetter.OFFSET, Long.toString(position.offset()).getBytes(UTF_8));
    if (record.key() != null) {
      headers.add(DeadLetter.KEY, record.key().getBytes(UTF_8));
    }
    context.forward(
        new Record<>(key, record.value(), context.currentSystemTimeMs(), headers),
        MonitorTopology.DEAD_LETTERS_SINK);
  }

  /** The time of day is only a label for people and retention; nothing is judged by it. */
  private void send(String sink, String key, byte[] value) {
    context.forward(new Record<>(key, value, context.currentSystemTimeMs()), sink);
  }
}
