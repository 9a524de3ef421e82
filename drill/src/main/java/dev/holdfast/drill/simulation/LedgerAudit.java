package dev.holdfast.drill.simulation;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.coordinator.cell.Effect;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.Map;
import java.util.TreeMap;

/** Holds the lease ledger and the slots against the coordinator's running jobs. */
final class LedgerAudit {
  private final Witness witness;
  private final Cast cast;
  private final Map<JobId, Effect.OpenLease> open = new TreeMap<>();

  LedgerAudit(Witness witness, Cast cast) {
    this.witness = witness;
    this.cast = cast;
  }

  void written(Effect effect) {
    switch (effect) {
      case Effect.OpenLease lease -> open.put(lease.job(), lease);
      case Effect.CloseLease(JobId job) -> open.remove(job);
      case Effect.SendOrder order -> {}
    }
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  void agreesWith(Cell cell) {
    int running = 0;
    Map<WorkerId, Integer> held = new TreeMap<>();
    for (Job job : cell.jobs()) {
      if (job.standing() instanceof Job.Running run) {
        running++;
        check(job, run);
        if (held.merge(run.worker(), 1, Integer::sum) > cast.host(run.worker()).slots()) {
          throw witness.violation(
              Invariant.SLOTS,
              job.id(),
              "the coordinator believes worker " + run.worker() + " to hold " + held);
        }
      }
    }
    if (running != open.size()) {
      JobId stray =
          open.keySet().stream()
              .filter(
                  id -> cell.find(id).map(job -> job.standing() instanceof Job.Queued).orElse(true))
              .findFirst()
              .orElseThrow();
      throw witness.violation(Invariant.LEDGER_AGREES, stray, "its lease was left open");
    }
  }

  private void check(Job job, Job.Running run) {
    Effect.OpenLease lease = open.get(job.id());
    if (lease == null
        || !lease.lease().token().equals(run.token())
        || lease.lease().leaseSequence() != run.leaseSequence()
        || !lease.lease().worker().equals(run.worker())) {
      throw witness.violation(
          Invariant.LEDGER_AGREES, job.id(), run + " runs, and the ledger says " + lease);
    }
  }
}
