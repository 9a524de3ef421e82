package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.worker.attempt.Action;
import dev.holdfast.worker.attempt.Sighting;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An attempt's files on a host's disk. Everything in here survives the worker and the boot. */
final class RunDirectory {
  private final Order.Assigned assigned;
  private final long boot;
  private long leaseDeadlineMs;
  private @Nullable Shim shim;
  private Action.@Nullable Reason stop;
  private @Nullable Ending exit;
  private WorkerReport.@Nullable OfAttempt conclusion;
  private boolean retired;

  RunDirectory(Order.Assigned assigned, long boot, long leaseDeadlineMs) {
    this.assigned = assigned;
    this.boot = boot;
    this.leaseDeadlineMs = leaseDeadlineMs;
  }

  Order.Assigned assigned() {
    return assigned;
  }

  Liveness liveness() {
    return Objects.requireNonNull(assigned.spec().liveness());
  }

  HeldAttempt attempt() {
    return new HeldAttempt(assigned.job(), assigned.token());
  }

  Sighting look() {
    if (conclusion != null) {
      return new Sighting.Concluded();
    }
    if (exit != null) {
      return new Sighting.Exited();
    }
    if (shim == null) {
      return new Sighting.NotLaunched();
    }
    return shim.alive()
        ? new Sighting.Alive()
        : new Sighting.Unknowable("its shim is gone without an exit record");
  }

  /** Until when the attempt may run; a deadline of another boot means nothing. */
  long leaseDeadlineMs(long currentBoot) {
    return boot == currentBoot ? leaseDeadlineMs : 0;
  }

  /** What the shim reads, which knows nothing of boots. */
  long leaseFile() {
    return leaseDeadlineMs;
  }

  void writeLease(long deadlineMs) {
    leaseDeadlineMs = deadlineMs;
    if (shim != null) {
      shim.leaseWritten();
    }
  }

  Action.@Nullable Reason stop() {
    return stop;
  }

  void writeStop(Action.Reason reason) {
    if (reason != stop) {
      stop = reason;
      if (shim != null) {
        shim.stopWritten();
      }
    }
  }

  @Nullable Ending exit() {
    return exit;
  }

  void writeExit(Ending ending) {
    exit = ending;
  }

  WorkerReport.@Nullable OfAttempt conclusion() {
    return conclusion;
  }

  void conclude(WorkerReport.OfAttempt report) {
    conclusion = report;
  }

  @Nullable Shim shim() {
    return shim;
  }

  /** Given once in a directory's life, so that nothing can be launched in it twice. */
  boolean claim(Shim first) {
    if (shim != null || retired) {
      return false;
    }
    shim = first;
    return true;
  }

  void retire() {
    retired = true;
  }
}
