package dev.holdfast.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.codec.JsonSerde;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.worker.Presence;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The families of published types.
 *
 * @param schema the schema file and the definition in it; empty for what only its writer reads
 * @param serde reads it as its readers do
 */
record Published(String name, Class<?> type, String schema, JsonSerde<?> serde) {
  static Stream<Published> all() {
    return Stream.of(
        new Published("job-spec", JobSpec.class, "job-spec.schema.json", Serdes.SPEC),
        new Published("job-command", JobCommand.class, "job-command.schema.json", Serdes.COMMAND),
        new Published(
            "worker-report", WorkerReport.class, "worker-report.schema.json", Serdes.REPORT),
        new Published("job-event", JobEvent.class, "job-event.schema.json", Serdes.EVENT),
        new Published(
            "cell-command", CellCommand.class, "cell-command.schema.json", Serdes.CELL_COMMAND),
        new Published("cell-event", CellEvent.class, "cell-event.schema.json", Serdes.CELL_EVENT),
        new Published(
            "control", Control.class, "control.schema.json", JsonSerde.strict(Control.class)),
        new Published("order", Order.class, "order.schema.json", Serdes.ORDER),
        new Published("lease-record", LeaseRecord.class, "lease-record.schema.json", Serdes.LEASE),
        new Published("output-chunk", OutputChunk.class, "output-chunk.schema.json", Serdes.OUTPUT),
        new Published("presence", Presence.class, "presence.schema.json", Serdes.PRESENCE),
        new Published(
            "outcome",
            Outcome.class,
            "attempt.schema.json#/$defs/outcome",
            JsonSerde.lenient(Outcome.class)),
        new Published("job", Job.class, "", Serdes.JOB));
  }

  /** The family that a golden file belongs to. */
  static Published of(String golden) {
    return all()
        .filter(family -> golden.replaceFirst("[.].*", "").equals(family.name()))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("no family for " + golden));
  }

  /** Families whose members are told apart by their type field. */
  static Stream<Published> unions() {
    return all().filter(family -> family.type().isSealed());
  }

  /** Records of the family by the name of their type, as JSON says it. */
  Map<String, Class<?>> members() {
    Map<String, Class<?>> members = new LinkedHashMap<>();
    for (var member : type.getAnnotation(JsonSubTypes.class).value()) {
      members.put(member.name(), member.value());
    }
    return members;
  }

  /** Records of the family as the compiler knows them. */
  Stream<Class<?>> permitted() {
    return permitted(type);
  }

  private static Stream<Class<?>> permitted(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Published::permitted)
        : Stream.of(type);
  }
}
