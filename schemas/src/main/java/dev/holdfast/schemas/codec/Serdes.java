package dev.holdfast.schemas.codec;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.worker.Presence;

/** One serde per published type. Commands and specs come from strangers and are read strictly. */
public final class Serdes {
  public static final JsonSerde<JobCommand> COMMAND = JsonSerde.strict(JobCommand.class);
  public static final JsonSerde<CellCommand> CELL_COMMAND = JsonSerde.strict(CellCommand.class);
  public static final JsonSerde<CellEvent> CELL_EVENT = JsonSerde.lenient(CellEvent.class);
  public static final JsonSerde<JobSpec> SPEC = JsonSerde.strict(JobSpec.class);
  public static final JsonSerde<JobEvent> EVENT = JsonSerde.lenient(JobEvent.class);
  public static final JsonSerde<Job> JOB = JsonSerde.lenient(Job.class);
  public static final JsonSerde<WorkerReport> REPORT = JsonSerde.lenient(WorkerReport.class);
  public static final JsonSerde<Order> ORDER = JsonSerde.lenient(Order.class);
  public static final JsonSerde<LeaseRecord> LEASE = JsonSerde.lenient(LeaseRecord.class);
  public static final JsonSerde<Presence> PRESENCE = JsonSerde.lenient(Presence.class);
  public static final JsonSerde<OutputChunk> OUTPUT = JsonSerde.lenient(OutputChunk.class);

  private Serdes() {}
}
