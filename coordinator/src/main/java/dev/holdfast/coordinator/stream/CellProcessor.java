package dev.holdfast.coordinator.stream;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.coordinator.cell.CellInput;
import dev.holdfast.coordinator.cell.CellMachine;
import dev.holdfast.coordinator.cell.CellRules;
import dev.holdfast.coordinator.cell.Decision;
import dev.holdfast.coordinator.cell.Effect;
import dev.holdfast.coordinator.cell.EndedJobs;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a record, decides, stores, forwards. A record that cannot be understood, or that the
 * machine fails on, goes to the dead letters and the next one is processed.
 */
final class CellProcessor implements Processor<String, byte[], String, byte[]> {
  private static final Logger log = LoggerFactory.getLogger(CellProcessor.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  private final InputDecoder decoder;
  private final CellMachine machine;
  private final Clock clock;
  private final CellMetrics metrics;
  private final CommitPace pace = new CommitPace(System.nanoTime());

  private @Nullable ProcessorContext<String, byte[]> context;
  private @Nullable CellStores stores;
  private Cell cell = new Cell(EndedJobs.inMemory());

  CellProcessor(String cellName, CellRules rules, Clock clock, CellMetrics metrics) {
    this.decoder = new InputDecoder(cellName);
    this.machine = new CellMachine(rules);
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> initialised) {
    context = initialised;
    stores =
        new CellStores(
            initialised.getStateStore(CellTopology.LIVING),
            initialised.getStateStore(CellTopology.WORKERS),
            initialised.getStateStore(CellTopology.COUNTERS),
            initialised.getStateStore(CellTopology.ENDED));
    initialised.schedule(LOOK_EVERY, PunctuationType.WALL_CLOCK_TIME, time -> look());
    restore();
    log.info(
        "the cell is ours: {} living jobs, {} waiting, next token {}",
        cell.jobs().size(),
        cell.queueLength(),
        cell.counters().token());
  }

  @Override
  public void process(Record<String, byte[]> record) {
    RecordMetadata position = Objects.requireNonNull(context).recordMetadata().orElseThrow();
    CellInput input;
    try {
      input = decoder.decode(position.topic(), record);
    } catch (InvalidField e) {
      String reason = DeadLetters.fitting(e.describe());
      log.warn("{} cannot be understood: {}", DeadLetters.keyOf(position), reason);
      deadLetter(record, position, reason);
      return;
    }
    decide(input, record, position);
    if (pace.processed(System.nanoTime())) {
      Objects.requireNonNull(context).commit();
    }
  }

  private void look() {
    if (pace.looked(System.nanoTime())) {
      Objects.requireNonNull(context).commit();
    }
  }

  private void decide(CellInput input, Record<String, byte[]> record, RecordMetadata position) {
    CellStores saved = Objects.requireNonNull(stores);
    Instant now = clock.instant();
    saved.at(now.toEpochMilli());
    Cell.Counters before = cell.counters();
    Decision decision;
    try {
      decision = machine.decide(cell, input, now);
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      failed(record, position, e);
      return;
    }
    // What fails from here on is the task's and not the record's: Kafka Streams rolls it back.
    saved.save(cell, before, decision);
    InputDecoder.workerOf(input).ifPresent(worker -> saved.save(cell, worker));
    decision.events().forEach(event -> forward(event, now));
    decision.effects().forEach(effect -> perform(effect, now));
    metrics.decided(input, decision, cell);
  }

  private void failed(Record<String, byte[]> record, RecordMetadata position, RuntimeException e) {
    log.error(
        "deciding on {} failed; the record goes to the dead letters",
        DeadLetters.keyOf(position),
        e);
    metrics.failed();
    restore();
    deadLetter(record, position, "internal error: " + e);
  }

  private void restore() {
    CellStores saved = Objects.requireNonNull(stores);
    saved.at(clock.millis());
    cell = saved.restore();
  }

  private void forward(JobEvent event, Instant now) {
    send(CellTopology.EVENTS_SINK, event.job().value(), Serdes.EVENT.write(event), now);
  }

  private void perform(Effect effect, Instant now) {
    switch (effect) {
      case Effect.SendOrder(var order) ->
          send(CellTopology.ORDERS_SINK, order.worker().value(), Serdes.ORDER.write(order), now);
      case Effect.OpenLease(var job, var lease) ->
          send(CellTopology.LEASES_SINK, job.value(), Serdes.LEASE.write(lease), now);
      case Effect.CloseLease(var job) -> send(CellTopology.LEASES_SINK, job.value(), null, now);
    }
  }

  private void send(String sink, String key, byte @Nullable [] value, Instant now) {
    Objects.requireNonNull(context).forward(new Record<>(key, value, now.toEpochMilli()), sink);
  }

  private void deadLetter(Record<String, byte[]> record, RecordMetadata position, String reason) {
    metrics.deadLetter();
    Objects.requireNonNull(context)
        .forward(
            DeadLetters.of(record, position, reason, clock.millis()),
            CellTopology.DEAD_LETTERS_SINK);
  }
}
