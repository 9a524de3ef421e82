package dev.holdfast.coordinator.stream;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.coordinator.cell.CellInput;
import dev.holdfast.coordinator.cell.CellMachine;
import dev.holdfast.coordinator.cell.CellRules;
import dev.holdfast.coordinator.cell.Decision;
import dev.holdfast.coordinator.cell.EndedJobs;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.topic.DeadLetter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a record, decides, stores, forwards. A record that cannot be understood, that the machine
 * fails on, or whose decision does not fit what Kafka takes, goes to the dead letters and the next
 * one is processed.
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
      String reason = e.describe();
      log.warn("{} cannot be understood: {}", at(position), DeadLetter.fitting(reason));
      deadLetter(record, position, reason);
      return;
    }
    try {
      decide(input, at(position));
    } catch (FailedDecision e) {
      deadLetter(record, position, String.valueOf(e.getMessage()));
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
        decide(new CellInput.TimePassed(), "what time made due");
      } catch (FailedDecision e) {
        timeFailedUntil = now.plus(AFTER_FAILURE);
      }
    }
  }

  /**
   * Decides on one input, saves and sends.
   *
   * @param what the input is, for the log
   * @throws FailedDecision if the machine fails on it; nothing has changed then
   */
  private void decide(CellInput input, Object what) throws FailedDecision {
    CellStores saved = Objects.requireNonNull(stores);
    Instant now = clock.instant();
    saved.at(now.toEpochMilli());
    Cell.Counters before = cell.counters();
    Decision decision;
    List<Outgoing> sent;
    List<CellStores.Change> changes;
    try {
      decision = machine.decide(cell, input, now);
      sent = Outgoing.of(decision, now.toEpochMilli());
      changes = saved.changes(cell, before, decision, InputDecoder.workerOf(input));
    } catch (KafkaException e) {
      throw e;
    } catch (DoesNotFit e) {
      log.warn("what was decided on {} does not fit: {}", what, e.getMessage());
      throw failed("its decision does not fit: " + e.getMessage());
    } catch (RuntimeException e) {
      log.error("deciding on {} failed", what, e);
      throw failed("internal error: " + e);
    }
    // What fails from here on is the task's and not the record's: Kafka Streams rolls it back.
    saved.save(changes);
    sent.forEach(out -> Objects.requireNonNull(context).forward(out.record(), out.sink()));
    metrics.decided(input, decision, cell);
  }

  /** Nothing has changed, but for the cell in memory. */
  private FailedDecision failed(String reason) {
    metrics.failed();
    restore();
    return new FailedDecision(reason);
  }

  /** The machine failed on an input, or what it decided does not fit: no reason to stop. */
  private static final class FailedDecision extends Exception {
    private static final long serialVersionUID = 1;

    FailedDecision(String reason) {
      super(reason);
    }
  }

  private void restore() {
    CellStores saved = Objects.requireNonNull(stores);
    saved.at(clock.millis());
    cell = saved.restore();
  }

  private void deadLetter(Record<String, byte[]> record, RecordMetadata position, String reason) {
    metrics.deadLetter();
    DeadLetter letter = DeadLetter.of(at(position), record.key(), record.value(), reason);
    Headers headers = new RecordHeaders();
    letter.eachHeader(headers::add);
    Objects.requireNonNull(context)
        .forward(
            new Record<>(letter.key(), letter.value(), clock.millis(), headers),
            CellTopology.DEAD_LETTERS_SINK);
  }

  private static DeadLetter.Position at(RecordMetadata position) {
    return new DeadLetter.Position(position.topic(), position.partition(), position.offset());
  }
}
