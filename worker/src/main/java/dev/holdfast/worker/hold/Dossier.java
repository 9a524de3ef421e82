package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.Order.Assigned;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.QuotaNotice;
import dev.holdfast.schemas.attempt.Usage;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.provision.Provisions;
import dev.holdfast.worker.report.Courier;
import dev.holdfast.worker.report.Heartbeats;
import dev.holdfast.worker.report.Lease;
import dev.holdfast.worker.run.RunDirectory;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One attempt's papers: what it is, its directory and lease, and what is written about it. */
final class Dossier {
  private static final long WAIT_FOR_ROOM_NS = 120_000_000_000L;

  private final WorkerId worker;
  private final RunDirectory directory;
  private final Provisions provisions;
  private final Lease lease;
  private final Courier courier;
  private final Heartbeats heartbeats;
  private final AtomicLong waitForRoomUntilNs = new AtomicLong();
  private volatile boolean closed;

  Dossier(WorkerId worker, RunDirectory directory, Lease lease, Links links) {
    this.worker = worker;
    this.directory = directory;
    this.provisions = links.machine().provisioning().of(directory);
    this.lease = lease;
    this.courier = links.log().courier();
    this.heartbeats = links.log().heartbeats();
  }

  WorkerId worker() {
    return worker;
  }

  Assigned assigned() {
    return directory.facts().assigned();
  }

  HeldAttempt attempt() {
    return directory.attempt();
  }

  RunDirectory directory() {
    return directory;
  }

  Provisions provisions() {
    return provisions;
  }

  Lease lease() {
    return lease;
  }

  /** Reports that the attempt is in a new phase; heartbeats say so too, from now on. */
  void enter(Phase phase) {
    lease.enter(phase);
    heartbeats.beatNow(attempt());
    report(new WorkerReport.PhaseEntered(worker, assigned().job(), assigned().token(), phase));
  }

  /** Sends a report until it is safe, or the attempt is over. */
  void report(WorkerReport report) {
    courier.deliver(report, () -> !closed);
  }

  /** Whether results that a full disk kept from being written may be tried once more. */
  boolean mayWaitForRoom() {
    long nowNs = System.nanoTime();
    waitForRoomUntilNs.compareAndSet(0, nowNs + WAIT_FOR_ROOM_NS);
    return waitForRoomUntilNs.get() - nowNs > 0;
  }

  void concludeUnstarted(Outcome outcome) throws IOException {
    conclude(outcome, OutputTotals.NONE, null, null, null);
  }

  void conclude(
      Outcome outcome,
      OutputTotals output,
      @Nullable JobResult result,
      @Nullable Usage usage,
      @Nullable QuotaNotice quota)
      throws IOException {
    directory.conclude(
        new WorkerReport.Ended(
            worker,
            assigned().job(),
            assigned().token(),
            masked(outcome),
            output,
            result,
            usage,
            quota));
  }

  /** Messages quote what was found, and that may be a secret. */
  private Outcome masked(Outcome outcome) {
    return outcome instanceof Outcome.Failed(String code, String message)
        ? new Outcome.Failed(code, provisions.mask().text(message))
        : outcome;
  }

  void concludeLost(String evidence) throws IOException {
    directory.conclude(
        new WorkerReport.Lost(
            worker, assigned().job(), assigned().token(), provisions.mask().text(evidence)));
  }

  /** Nothing of the attempt is to be reported any more. */
  void close() {
    closed = true;
  }
}
