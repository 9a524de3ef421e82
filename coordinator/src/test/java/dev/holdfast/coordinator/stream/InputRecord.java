package dev.holdfast.coordinator.stream;

import dev.holdfast.coordinator.cell.CellInput;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.topic.CellTopic;
import java.time.Instant;

/** An input as the record that carries it. */
record InputRecord(String topic, String key, byte[] value, Instant timestamp) {
  static final String CELL = "test";

  static InputRecord of(CellInput input, Instant now) {
    return switch (input) {
      case CellInput.OfCommand(var command) ->
          new InputRecord(
              CellTopic.COMMANDS.in(CELL),
              command.job().value(),
              Serdes.COMMAND.write(command),
              now);
      case CellInput.OfCellCommand(var command) ->
          new InputRecord(
              CellTopic.COMMANDS.in(CELL),
              CellEvent.KEY_PREFIX + command.subject(),
              Serdes.CELL_COMMAND.write(command),
              now);
      case CellInput.TimePassed time ->
          throw new IllegalArgumentException("time passes without a record");
      case CellInput.OfReport(var report) ->
          new InputRecord(
              CellTopic.REPORTS.in(CELL), report.key(), Serdes.REPORT.write(report), now);
      case CellInput.OfPresence(var presence) ->
          new InputRecord(
              CellTopic.WORKERS.in(CELL),
              presence.worker().value(),
              Serdes.PRESENCE.write(presence),
              now);
    };
  }
}
