package dev.holdfast.monitor.stream;

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
    RecordMetadata source = context.recordMetadata().orElseThrow();
    var position = new DeadLetter.Position(source.topic(), source.partition(), source.offset());
    log.warn("{} cannot be understood: {}", position, DeadLetter.fitting(reason));
    figures.deadLetter();
    DeadLetter letter = DeadLetter.of(position, record.key(), record.value(), reason);
    Headers headers = new RecordHeaders();
    letter.eachHeader(headers::add);
    context.forward(
        new Record<>(letter.key(), letter.value(), context.currentSystemTimeMs(), headers),
        MonitorTopology.DEAD_LETTERS_SINK);
  }

  /** The time of day is only a label for people and retention; nothing is judged by it. */
  private void send(String sink, String key, byte[] value) {
    context.forward(new Record<>(key, value, context.currentSystemTimeMs()), sink);
  }
}
