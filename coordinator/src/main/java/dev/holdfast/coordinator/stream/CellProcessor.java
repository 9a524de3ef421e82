package dev.holdfast.coordinator.stream;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.coordinator.cell.CellInput;
import dev.holdfast.coordinator.cell.CellMachine;
import dev.holdfast.coordinator.cell.CellRules;
import dev.holdfast.coordinator.cell.Decision;
import dev.holdfast.coordinator.cell.Effect;
import dev.holdfast.coordinator.cell.EndedJobs;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.cell.CellEvent;
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
  private static final Duration CLOCK_EVERY = Duration.ofMillis(100);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

  private final InputDecoder decoder;
  private final CellMachine machine;
  private final Clock clock;
  private final CellMetrics metrics;
  private final CommitPace pace = new CommitPace(System.nanoTime());

  private @Nullable ProcessorContext<String, byte[]> context;
  private @Nullable CellStores stores;
  private Cell cell = new Cell(EndedJobs.inMemory());
  private Instant timeFailedUntil = Instant.MIN;

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
            initialised.getStateStore(CellTopology.CONTROLS),
            initialised.getStateStore(CellTopology.ENDED));
    initialised.schedule(LOOK_EVERY, PunctuationType.WALL_CLOCK_TIME, time -> look());
    initialised.schedule(CLOCK_EVERY, PunctuationType.WALL_CLOCK_TIME, time -> watchTheClock());
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
    try {
      decide(input);
    } catch (FailedDecision e) {
      deadLetter(record, position, "internal error: " + e.getCause());
    }
    if (pace.processed(System.nanoTime())) {
      Objects.requireNonNull(context).commit();
    }
  }

  private void look() {
    if (pace.looked(System.nanoTime())) {
      Objects.requireNonNull(context).commit();
    }
  }

  /** Decides what time alone makes due. What fails is tried again, but does not stop what comes. */
  private void watchTheClock() {
    Instant now = clock.instant();
    boolean due = cell.nextDue().map(next -> !now.isBefore(next)).orElse(false);
    if (due && !now.isBefore(timeFailedUntil)) {
      try {
        decide(new CellInput.TimePassed());
      } catch (FailedDecision e) {
        timeFailedUntil = now.plus(AFTER_FAILURE);
      }
    }
  }

  /**
   * Decides on one input, saves and sends.
   *
   * @throws FailedDecision if the machine fails on it; nothing has changed then
   */
  private void decide(CellInput input) throws FailedDecision {
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
      log.error("deciding on {} failed", input.getClass().getSimpleName(), e);
      metrics.failed();
      restore();
      throw new FailedDecision(e);
    }
    // What fails from here on is the task's and not the record's: Kafka Streams rolls it back.
    saved.save(cell, before, decision);
    InputDecoder.workerOf(input).ifPresent(worker -> saved.save(cell, worker));
    decision.events().forEach(event -> forward(event, now));
    decision.cellEvents().forEach(event -> forward(event, now));
    decision.effects().forEach(effect -> perform(effect, now));
    metrics.decided(input, decision, cell);
  }

  /** The machine failed on an input: a bug, and no reason to stop. */
  private static final class FailedDecision extends Exception {
    private static final long serialVersionUID = 1;

    FailedDecision(RuntimeException cause) {
      super(cause);
    }
  }

  private void restore() {
    CellStores saved = Objects.requireNonNull(stores);
    saved.at(clock.millis());
    cell = saved.restore();
  }

  private void forward(JobEvent event, Instant now) {
    send(CellTopology.EVENTS_SINK, event.job().value(), Serdes.EVENT.write(event), now);
  }

  private void forward(CellEvent event, Instant now) {
    send(
        CellTopology.EVENTS_SINK,
        CellEvent.KEY_PREFIX + event.subject(),
        Serdes.CELL_EVENT.write(event),
        now);
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
