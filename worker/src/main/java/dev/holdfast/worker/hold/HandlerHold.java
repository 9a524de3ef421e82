package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Order.Assigned;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.worker.handler.JobHandler;
import dev.holdfast.worker.report.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt that is code in this JVM. It must be cheap: a virtual thread, two reports, no file,
 * and no heartbeat unless it lives for half an interval. State is guarded by this object's monitor.
 */
final class HandlerHold implements Hold {
  private static final Logger log = LoggerFactory.getLogger(HandlerHold.class);

  private final Site site;
  private final Links links;
  private final Assigned assigned;
  private final Lease lease;
  private final Runnable onEnd;
  private Duration age = Duration.ZERO;
  private boolean kept;
  private boolean over;
  private Halt halt = Halt.NONE;
  private @Nullable Thread runner;
  private WorkerReport.@Nullable OfAttempt conclusion;

  /**
   * Not yet begun.
   *
   * @param onEnd called once, when the handler has returned
   */
  HandlerHold(Site site, Links links, Assigned assigned, Lease lease, Runnable onEnd) {
    this.site = site;
    this.links = links;
    this.assigned = assigned;
    this.lease = lease;
    this.onEnd = onEnd;
  }

  /** Why a handler was told to stop. */
  private enum Halt {
    NONE(""),
    CANCELLED(""),
    LAPSED("its lease lapsed while its handler ran"),
    LEFT("its worker stopped while its handler ran");

    private final String evidence;

    Halt(String evidence) {
      this.evidence = evidence;
    }
  }

  /** Begins; without a handler of that name the attempt fails at once. */
  void begin(Optional<JobHandler> handler, Iterable<String> known) {
    links
        .log()
        .reports()
        .send(
            new WorkerReport.PhaseEntered(
                site.worker(), assigned.job(), assigned.token(), Phase.RUNNING));
    if (handler.isPresent()) {
      Thread.startVirtualThread(() -> run(handler.get()));
    } else {
      conclude(
          ended(
              new Outcome.Failed(
                  "handler-not-found",
                  "worker %s has no handler '%s', only %s: put it on the worker's class path"
                      .formatted(site.worker(), assigned.spec().handler(), known)),
              OutputTotals.NONE));
    }
  }

  private void run(JobHandler handler) {
    var context = new HandlerContext(assigned, () -> halted() != Halt.NONE);
    Outcome outcome = started() ? call(handler, context) : new Outcome.Cancelled(0);
    Halt why = returned();
    switch (why) {
      case NONE, CANCELLED ->
          context
              .publish(links.log().output())
              .whenComplete((totals, failure) -> {
                if (failure == null) {
                  conclude(ended(why == Halt.NONE ? outcome : new Outcome.Cancelled(0), totals));
                } else {
                  conclude(lost("its output could not be published: " + failure));
                }
              });
      case LAPSED, LEFT -> conclude(lost(why.evidence));
    }
  }

  private static Outcome call(JobHandler handler, HandlerContext context) {
    try {
      handler.run(context);
      return new Outcome.Exited(0);
    } catch (Throwable e) {
      // Whatever a handler throws is its own failure, not the worker's.
      log.debug("handler {} of job {} failed", handler.name(), context.job(), e);
      return new Outcome.Failed(
          "handler-failed", "handler '%s' failed: %s".formatted(handler.name(), e));
    }
  }

  private synchronized boolean started() {
    runner = Thread.currentThread();
    return halt == Halt.NONE;
  }

  /** From here on nobody interrupts the thread: what follows must not be cut short. */
  private synchronized Halt returned() {
    runner = null;
    if (Thread.interrupted()) {
      log.debug("job {} returned after it was told to stop", assigned.job());
    }
    return halt == Halt.NONE && lapsed() ? Halt.LAPSED : halt;
  }

  private synchronized Halt halted() {
    return halt;
  }

  private synchronized void halt(Halt why) {
    if (halt == Halt.NONE) {
      halt = why;
    }
    if (runner != null) {
      runner.interrupt();
    }
  }

  private WorkerReport.Ended ended(Outcome outcome, OutputTotals totals) {
    return new WorkerReport.Ended(
        site.worker(), assigned.job(), assigned.token(), outcome, totals, null);
  }

  private WorkerReport.Lost lost(String evidence) {
    return new WorkerReport.Lost(site.worker(), assigned.job(), assigned.token(), evidence);
  }

  private void conclude(WorkerReport.OfAttempt report) {
    boolean wanted;
    synchronized (this) {
      wanted = !over;
      conclusion = report;
      age = Duration.ZERO;
    }
    if (wanted) {
      links.log().reports().send(report);
    }
    onEnd.run();
  }

  private boolean lapsed() {
    return lease.window().lapsedAt(links.machine().clock().nowMs());
  }

  /** Repeats the conclusion until it is answered; keeps the lease of a handler that takes long. */
  @Override
  public synchronized void tick(Duration tick) {
    age = age.plus(tick);
    Duration interval = lease.window().liveness().heartbeat();
    WorkerReport.OfAttempt report = conclusion;
    if (report != null && !over && age.compareTo(interval) >= 0) {
      age = Duration.ZERO;
      Thread.startVirtualThread(() -> links.log().reports().send(report));
    }
    if (!kept && !over && age.compareTo(interval.dividedBy(2)) >= 0) {
      keep();
    }
    if (report == null && lapsed()) {
      // Code in this JVM cannot be frozen, so it is told to stop.
      halt(Halt.LAPSED);
    }
  }

  private void keep() {
    kept = true;
    links.log().heartbeats().keep(lease);
  }

  @Override
  public HeldAttempt attempt() {
    return lease.attempt();
  }

  @Override
  public void told(Order.Standing verdict) {
    // Never part of a handshake: it does not outlive the incarnation that asks.
  }

  @Override
  public CompletableFuture<Void> stop(Order.StopReason reason) {
    halt(Halt.CANCELLED);
    return switch (reason) {
      case CANCELLED -> CompletableFuture.completedFuture(null);
      case SUPERSEDED -> settle();
    };
  }

  @Override
  public CompletableFuture<Void> settle() {
    halt(Halt.CANCELLED);
    synchronized (this) {
      over = true;
      if (kept) {
        links.log().heartbeats().drop(attempt());
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public synchronized void look() {
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

  @Override
  public CompletableFuture<Void> leave() {
    halt(Halt.LEFT);
    return CompletableFuture.completedFuture(null);
  }
}
