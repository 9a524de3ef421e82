package dev.holdfast.coordinator.stream;

import dev.holdfast.coordinator.cell.CellInput;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.topic.CellTopic;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Makes inputs of the cell machine from records of its three topics. */
final class InputDecoder {
  private final String commands;
  private final String reports;

  InputDecoder(String cell) {
    this.commands = CellTopic.COMMANDS.in(cell);
    this.reports = CellTopic.REPORTS.in(cell);
  }

  /**
   * Reads one record.
   *
   * @throws InvalidField if it has no value, does not parse, breaks its schema, or has another key
   *     than its value asks for
   */
  CellInput decode(String topic, Record<String, byte[]> record) {
    byte[] value = record.value();
    if (value == null) {
      throw new InvalidField("", "has no value");
    }
    if (topic.equals(commands)) {
      if (record.key() != null && record.key().startsWith(CellEvent.KEY_PREFIX)) {
        CellCommand command = Serdes.CELL_COMMAND.read(value);
        checkKey(record.key(), CellEvent.KEY_PREFIX + command.subject());
        return new CellInput.OfCellCommand(command);
      }
      JobCommand command = Serdes.COMMAND.read(value);
      checkKey(record.key(), command.job().value());
      return new CellInput.OfCommand(command);
    }
    if (topic.equals(reports)) {
      WorkerReport report = Serdes.REPORT.read(value);
      checkKey(record.key(), report.key());
      return new CellInput.OfReport(report);
    }
    Presence presence = Serdes.PRESENCE.read(value);
    checkKey(record.key(), presence.worker().value());
    return new CellInput.OfPresence(presence);
  }

  /** The worker whose view an input may have changed. */
  static Optional<WorkerId> workerOf(CellInput input) {
    return switch (input) {
      case CellInput.OfCommand command -> Optional.empty();
      case CellInput.OfCellCommand command -> Optional.empty();
      case CellInput.TimePassed time -> Optional.empty();
      case CellInput.OfReport(WorkerReport report) ->
          switch (report) {
            case WorkerReport.WorkerStarted started -> Optional.of(started.worker());
            case WorkerReport.Released released -> Optional.of(released.worker());
            case WorkerReport.OfAttempt other -> Optional.empty();
          };
      case CellInput.OfPresence presence -> Optional.of(presence.presence().worker());
    };
  }

  private static void checkKey(@Nullable String found, String expected) {
    if (!expected.equals(found)) {
      throw new InvalidField("", "the record's key must be " + expected + ", not " + found);
    }
  }
}
