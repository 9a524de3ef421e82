package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.worker.handler.Handlers;
import dev.holdfast.worker.order.Orders;
import dev.holdfast.worker.presence.PresenceLoop;
import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where orders arrive: each is passed on to the hold that it names. The order loop's thread calls
 * {@link #carryOut} and is never held up; a ticking thread of its own repeats what is due.
 */
public final class AttemptDesk implements Orders {
  private static final Logger log = LoggerFactory.getLogger(AttemptDesk.class);
  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  /**
   * The next incarnation must not meet this one's last writes; what takes longer ends with the JVM.
   */
  private static final Duration LEAVE_WITHIN = Duration.ofSeconds(5);

  private static final Duration LONGEST_TICK = Duration.ofSeconds(1);

  private final Site site;
  private final Links links;
  private final PresenceLoop presence;
  private final Roster roster;
  private final Intake intake;
  private final Handshake handshake;
  private final Duration tick;

  /** Not yet open: takes up nothing before {@link #open}. */
  public AttemptDesk(
      Site site, Links links, PresenceLoop presence, Capacity capacity, WorkerMetrics metrics) {
    this.site = site;
    this.links = links;
    this.presence = presence;
    this.roster = new Roster(capacity.slots(), metrics, links.machine(), presence::changed);
    this.intake = new Intake(site, links, capacity.handlers(), roster);
    this.handshake =
        new Handshake(site, links.log().reports(), roster.holds()::survivors, this::reconciled);
    Duration cellTick = site.liveness().tick();
    this.tick = cellTick.compareTo(LONGEST_TICK) < 0 ? cellTick : LONGEST_TICK;
  }

  /** What the worker can do. */
  public record Capacity(int slots, Handlers handlers) {}

  /**
   * Takes up what was found on the disk; living attempts are beaten from now on. What could not be
   * understood is ended, because the handshake will give it away. Call before {@link #open}.
   */
  public void takeUp(RunDirectories.Found found) throws IOException, InterruptedException {
    for (RunDirectory directory : found.whole()) {
      intake.found(directory);
    }
    for (Path damaged : found.damaged()) {
      roster.metrics().damaged();
      try {
        links.machine().supervisor().endStray(damaged);
      } catch (IOException | IllegalStateException e) {
        log.error("what runs in {} could not be ended; its lease ends it", damaged, e);
      }
    }
  }

  /** Begins to ask how everything stands; call when no answer can be missed any more. */
  public void open() {
    Thread.ofVirtual().name("desk-ticks").start(this::tickOn);
  }

  /** Whether the coordinator has answered the handshake. */
  public boolean reconciled() {
    return roster.reconciled();
  }

  /** What to announce. */
  public PresenceLoop.Offer offer() {
    return roster.offer();
  }

  /** Whether the attempt of this run directory is in this worker's hands. */
  public boolean holds(Path directory) {
    Path job = directory.getParent();
    return job != null
        && roster
            .holds()
            .containsNamed(job.getFileName().toString(), directory.getFileName().toString());
  }

  /** How many attempts there are. */
  public int held() {
    return roster.holds().count();
  }

  /** How many slots they take. */
  public int slotsTaken() {
    return roster.slots().taken();
  }

  /** Takes nothing new from now on. */
  public void drain() {
    roster.nowDraining();
  }

  /** Lets go of everything as it is: shims and jobs live on, handlers end. */
  public void leave() {
    roster.nowLeft();
    var leaving = new ArrayList<CompletableFuture<Void>>();
    roster.holds().forEach(hold -> leaving.add(hold.leave()));
    try {
      CompletableFuture.allOf(leaving.toArray(CompletableFuture[]::new))
          .get(LEAVE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.info("some attempts are still at work as the worker leaves: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public CompletableFuture<Void> carryOut(Order order) {
    if (!order.worker().equals(site.worker())) {
      return DONE;
    }
    return switch (order) {
      case Order.Assigned assigned ->
          intake.assigned(assigned, presence.sentAtMs(assigned.presenceSequence()));
      case Order.Reconciled reconciled -> {
        handshake.answer(reconciled);
        yield DONE;
      }
      case Order.Renewed renewed -> {
        var attempt = new HeldAttempt(renewed.job(), renewed.token());
        links.log().heartbeats().renewed(attempt, renewed.request());
        yield DONE;
      }
      case Order.Stop stop -> stop(stop);
      case Order.Look look -> look(look);
      case Order.Clean clean -> clean(new HeldAttempt(clean.job(), clean.token()));
    };
  }

  private CompletableFuture<Void> stop(Order.Stop stop) {
    var attempt = new HeldAttempt(stop.job(), stop.token());
    return roster
        .holds()
        .tell(
            attempt,
            hold -> {
              CompletableFuture<Void> durable = hold.stop(stop.reason());
              if (stop.reason() == Order.StopReason.SUPERSEDED) {
                forgetIfFleeting(hold);
                roster.changed();
              }
              return durable;
            });
  }

  private CompletableFuture<Void> look(Order.Look look) {
    var attempt = new HeldAttempt(look.job(), look.token());
    if (!roster.holds().contains(attempt)) {
      return roster.reconciled() ? reportMissing(look) : DONE;
    }
    return roster
        .holds()
        .tell(
            attempt,
            hold -> {
              hold.look();
              return DONE;
            });
  }

  private CompletableFuture<Void> reportMissing(Order.Look look) {
    return links
        .log()
        .courier()
        .deliver(
            new WorkerReport.Lost(
                site.worker(), look.job(), look.token(), "the worker does not have this attempt"),
            () -> !roster.left());
  }

  private CompletableFuture<Void> clean(HeldAttempt attempt) {
    return roster
        .holds()
        .tell(
            attempt,
            hold -> {
              CompletableFuture<Void> gone = hold.settle();
              forgetIfFleeting(hold);
              return gone;
            });
  }

  /** What leaves nothing on the disk is gone at once. */
  private void forgetIfFleeting(Hold hold) {
    if (!hold.survivesWorker()) {
      roster.holds().remove(hold.attempt());
    }
  }

  private void reconciled(Order.Reconciled answer) {
    for (Order.Verdict verdict : answer.verdicts()) {
      roster
          .holds()
          .tell(
              new HeldAttempt(verdict.job(), verdict.token()),
              hold -> {
                hold.told(verdict.standing());
                return DONE;
              });
    }
    if (!roster.reconciled()) {
      roster.nowReconciled();
    }
  }

  private void tickOn() {
    try {
      while (!roster.left()) {
        tickOnce();
        Thread.sleep(tick);
      }
    } catch (InterruptedException e) {
      log.debug("the desk ticks no more");
    }
  }

  private void tickOnce() {
    try {
      handshake.tick(tick);
      roster.holds().forEach(hold -> hold.tick(tick));
    } catch (RuntimeException e) {
      log.error("a tick met a bug; the next one follows", e);
    }
  }
}
