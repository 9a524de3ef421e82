package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.WorkerReport;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that is code in the worker. It leaves nothing on the disk and dies with the worker.
 */
final class HandlerHold implements Hold {
  private static final long TICK_MS = 1_000;

  private final World world;
  private final Host host;
  private final WorkerProcess process;
  private final KeptLease lease;
  private final Work work;
  private int done;
  private long ageMs;
  private boolean kept;
  private boolean over;
  private boolean returned;
  private Halt halt = Halt.NONE;
  private WorkerReport.@Nullable OfAttempt conclusion;

  HandlerHold(World world, Host host, WorkerProcess process, KeptLease lease) {
    this.world = world;
    this.host = host;
    this.process = process;
    this.lease = lease;
    this.work = host.work(lease.attempt().job());
  }

  private enum Halt {
    NONE,
    CANCELLED,
    LAPSED
  }

  @Override
  public void begin() {
    process.report(
        new WorkerReport.PhaseEntered(
            process.worker(), attempt().job(), attempt().token(), Phase.RUNNING));
    world.witness().fate(attempt()).begin();
    host.countRunning(attempt().job());
    step();
    process.life().after(TICK_MS, this::tick);
  }

  /** Whether the handler has not returned yet. */
  boolean running() {
    return !returned;
  }

  private void step() {
    process
        .life()
        .after(
            world.chance().between(1, work.stepMs()),
            () -> {
              if (halt != Halt.NONE) {
                returned();
                return;
              }
              world.witness().step(attempt(), host.workerExcuse().holds());
              done++;
              if (done >= work.steps()) {
                returned();
              } else {
                step();
              }
            });
  }

  private void returned() {
    returned = true;
    if (halt == Halt.NONE && lapsed()) {
      halt = Halt.LAPSED;
    }
    Fate fate = world.witness().fate(attempt());
    switch (halt) {
      case NONE -> {
        fate.end(new Ending.Exited(work.exitCode()));
        conclude(ended(new Outcome.Exited(work.exitCode())));
      }
      case CANCELLED -> {
        fate.vanish();
        conclude(ended(new Outcome.Cancelled(0)));
      }
      case LAPSED -> {
        fate.vanish();
        conclude(
            new WorkerReport.Lost(
                process.worker(), attempt().job(), attempt().token(), "its lease lapsed"));
      }
    }
    process.slotFree();
  }

  private void conclude(WorkerReport.OfAttempt report) {
    conclusion = report;
    ageMs = 0;
    if (!over) {
      process.report(report);
    }
  }

  private WorkerReport.OfAttempt ended(Outcome outcome) {
    return new WorkerReport.Ended(
        process.worker(), attempt().job(), attempt().token(), outcome, OutputTotals.NONE, null);
  }

  /** Repeats the conclusion until it is answered; keeps the lease of a handler that takes long. */
  private void tick() {
    if (over) {
      return;
    }
    ageMs += TICK_MS;
    long heartbeatMs = lease.window().liveness().heartbeat().toMillis();
    WorkerReport.OfAttempt report = conclusion;
    if (report != null && ageMs >= heartbeatMs) {
      ageMs = 0;
      process.report(report);
    }
    if (!kept && ageMs >= heartbeatMs / 2) {
      keep();
    }
    if (report == null && halt == Halt.NONE && lapsed()) {
      halt = Halt.LAPSED;
    }
    process.life().after(TICK_MS, this::tick);
  }

  private boolean lapsed() {
    return lease.window().lapsedAt(process.bootMs());
  }

  private void keep() {
    kept = true;
    process.leases().keep(lease);
  }

  @Override
  public HeldAttempt attempt() {
    return lease.attempt();
  }

  @Override
  public void told(Order.Standing verdict) {
    throw new IllegalStateException("a handler is never part of a handshake: " + attempt());
  }

  @Override
  public void stop(Order.StopReason reason, Runnable durable) {
    if (halt == Halt.NONE) {
      halt = Halt.CANCELLED;
    }
    if (reason == Order.StopReason.SUPERSEDED) {
      settle(durable);
    } else {
      durable.run();
    }
  }

  @Override
  public void settle(Runnable gone) {
    if (halt == Halt.NONE) {
      halt = Halt.CANCELLED;
    }
    over = true;
    process.leases().drop(attempt());
    gone.run();
  }

  @Override
  public void look() {
    if (!over) {
      keep();
    }
  }

  @Override
  public boolean inTheWay() {
    return false;
  }

  @Override
  public boolean survivesWorker() {
    return false;
  }
}
