package dev.holdfast.gateway.command;

import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.job.JobEvent;

/** What came of asking the coordinator. */
public sealed interface Decision {
  /** Done as asked, now or earlier; the view shows it. */
  record Done() implements Decision {}

  /** Refused. */
  record Refused(String code, String message) implements Decision {
    static Refused of(JobEvent.CommandRejected rejected) {
      return new Refused(rejected.code(), rejected.message());
    }

    static Refused of(CellEvent.CellCommandRejected rejected) {
      return new Refused(rejected.code(), rejected.message());
    }
  }

  /** Kafka has the command; the coordinator has not been heard within the time to wait. */
  record Pending() implements Decision {}
}
