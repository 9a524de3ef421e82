package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.worker.attempt.Action;
import dev.holdfast.worker.attempt.Reconciliation;
import dev.holdfast.worker.attempt.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An attempt with a process of its own: looks, asks the real verdict table, acts, again and again.
 * An action takes time, and is done only if the table still says so at its end.
 */
final class ProcessHold implements Hold {
  private static final long LONGEST_WRITE_MS = 50;
  private static final long LONGEST_PREPARATION_MS = 3_000;
  private static final long LONGEST_COLLECTION_MS = 1_000;
  private static final long LEASE_POLL_MS = 500;

  private final World world;
  private final Host host;
  private final WorkerProcess process;
  private final Papers papers;
  private final List<Runnable> whenMade = new ArrayList<>();
  private final List<Runnable> whenGone = new ArrayList<>();
  private Standing standing;
  private boolean made;
  private boolean busy;
  private boolean adopted;
  private boolean slotTaken = true;
  private boolean reporting;
  private boolean gone;

  ProcessHold(World world, Host host, WorkerProcess process, Papers papers) {
    this.world = world;
    this.host = host;
    this.process = process;
    this.papers = papers;
    this.standing = papers.found() ? Standing.UNANSWERED : Standing.CURRENT;
    this.made = papers.found();
  }

  /**
   * What a hold begins with.
   *
   * @param found by this incarnation on the disk, rather than just assigned
   * @param durable to be told once the directory is on the disk
   */
  record Papers(RunDirectory directory, KeptLease lease, boolean found, Runnable durable) {
    static Papers found(RunDirectory directory, KeptLease lease) {
      return new Papers(directory, lease, true, () -> {});
    }

    static Papers assigned(RunDirectory directory, KeptLease lease, Runnable durable) {
      return new Papers(directory, lease, false, durable);
    }
  }

  @Override
  public void begin() {
    if (papers.found()) {
      process.leases().keep(papers.lease());
      act();
    } else {
      process.life().after(world.chance().between(1, LONGEST_WRITE_MS), this::make);
    }
  }

  private void make() {
    if (host.diesAt(Occasion.CRASH_BEFORE_RUN_DIRECTORY)) {
      return;
    }
    host.put(papers.directory());
    note("made the run directory");
    if (host.diesAt(Occasion.CRASH_BEFORE_OFFSET_COMMIT)) {
      return;
    }
    made = true;
    papers.durable().run();
    papers.lease().mayRenew();
    process.deliver(
        new WorkerReport.Taken(process.worker(), attempt().job(), attempt().token()), () -> {});
    process.leases().keep(papers.lease());
    List.copyOf(whenMade).forEach(Runnable::run);
    act();
  }

  private void act() {
    if (busy || gone || !made || process.life().isOver()) {
      return;
    }
    if (standing.isOver()) {
      process.leases().drop(attempt());
    }
    switch (decide()) {
      case Action.Wait() -> {}
      case Action.Watch() -> adopt();
      case Action.Stop(Action.Reason reason) -> {
        adopt();
        papers.directory().writeStop(reason);
      }
      case Action.Launch launch -> begin(launch, LONGEST_PREPARATION_MS, this::launch);
      case Action.ConcludeCancelled conclude ->
          begin(conclude, LONGEST_WRITE_MS, () -> conclude(ended(new Outcome.Cancelled(0))));
      case Action.ConcludeLost lost ->
          begin(lost, LONGEST_COLLECTION_MS, () -> conclude(lost(lost.evidence())));
      case Action.Collect collect -> begin(collect, LONGEST_COLLECTION_MS, this::collect);
      case Action.Report() -> report();
      case Action.Remove remove -> begin(remove, LONGEST_COLLECTION_MS, this::remove);
    }
  }

  private Action decide() {
    return Reconciliation.decide(standing, papers.directory().look());
  }

  private void begin(Action action, long longestMs, Runnable work) {
    busy = true;
    process
        .life()
        .after(
            world.chance().spread(1, longestMs),
            () -> {
              busy = false;
              if (decide().equals(action)) {
                work.run();
              }
              act();
            });
  }

  private void launch() {
    if (papers.lease().window().lapsedAt(process.bootMs())) {
      begin(new Action.Launch(), LEASE_POLL_MS, this::launch);
      return;
    }
    if (host.diesAt(Occasion.CRASH_BEFORE_START)) {
      return;
    }
    note("starts the shim");
    busy = true;
    host.startShim(papers.directory(), () -> process.life().now(this::launched));
    host.diesAt(Occasion.CRASH_WHILE_STARTING);
  }

  private void launched() {
    busy = false;
    if (!host.diesAt(Occasion.CRASH_AFTER_START)) {
      enter(Phase.RUNNING);
      act();
    }
  }

  /** Told once by each incarnation that finds the job alive. */
  private void adopt() {
    if (papers.found() && !adopted && !standing.isOver()) {
      adopted = true;
      process.deliver(
          new WorkerReport.Adopted(
              process.worker(),
              attempt().job(),
              attempt().token(),
              process.incarnation(),
              "found alive"),
          () -> {});
    }
  }

  private void collect() {
    if (host.diesAt(Occasion.CRASH_AFTER_EXIT)) {
      return;
    }
    if (papers.found() && !adopted) {
      world.witness().saw(Occasion.ADOPTED_WITH_EXIT_PRESENT);
    }
    enter(Phase.COLLECTING);
    conclude(
        switch (Objects.requireNonNull(papers.directory().exit())) {
          case Ending.Exited(int code) -> ended(new Outcome.Exited(code));
          case Ending.Signalled(int signal) -> ended(new Outcome.Signalled(signal));
          case Ending.Stopped(Action.Reason reason) ->
              reason == Action.Reason.CANCELLED
                  ? ended(new Outcome.Cancelled(0))
                  : lost("ended as " + reason);
          case Ending.LeaseEnded() -> lost("its lease lapsed");
        });
  }

  private void conclude(WorkerReport.OfAttempt report) {
    note("concludes", report);
    papers.directory().conclude(report);
    host.diesAt(Occasion.CRASH_BEFORE_ENDED);
  }

  /** Sends what was written down, every heartbeat interval until it is answered. */
  private void report() {
    freeSlot();
    if (!reporting) {
      reporting = true;
      reportAgain();
    }
  }

  private void reportAgain() {
    if (decide() instanceof Action.Report && !gone) {
      process.report(Objects.requireNonNull(papers.directory().conclusion()));
      process.life().after(papers.directory().liveness().heartbeat().toMillis(), this::reportAgain);
      host.diesAt(Occasion.CRASH_BEFORE_CLEAN);
    } else {
      reporting = false;
    }
  }

  private void remove() {
    if (host.diesAt(Occasion.CRASH_BEFORE_REMOVAL)) {
      return;
    }
    host.remove(papers.directory());
    note("removed");
    if (host.diesAt(Occasion.CRASH_AFTER_REMOVAL)) {
      return;
    }
    gone = true;
    freeSlot();
    process.gone(this);
    whenGone.forEach(Runnable::run);
  }

  private void freeSlot() {
    if (slotTaken) {
      slotTaken = false;
      process.slotFree();
    }
  }

  private void enter(Phase phase) {
    papers.lease().enter(phase);
    process.leases().beatNow(attempt());
    process.deliver(
        new WorkerReport.PhaseEntered(process.worker(), attempt().job(), attempt().token(), phase),
        () -> {});
  }

  private WorkerReport.OfAttempt ended(Outcome outcome) {
    return new WorkerReport.Ended(
        process.worker(), attempt().job(), attempt().token(), outcome, OutputTotals.NONE, null);
  }

  private WorkerReport.OfAttempt lost(String evidence) {
    return new WorkerReport.Lost(process.worker(), attempt().job(), attempt().token(), evidence);
  }

  @Override
  public HeldAttempt attempt() {
    return papers.directory().attempt();
  }

  @Override
  public void told(Order.Standing verdict) {
    standing = standing.told(verdict);
    note("is told that it is", verdict);
    if (standing == Standing.CURRENT || standing == Standing.CANCELLING) {
      papers.lease().mayRenew();
      process.leases().beatNow(attempt());
    }
    act();
  }

  @Override
  public void stop(Order.StopReason reason, Runnable durable) {
    onceMade(() -> {
      standing = standing.stopped(reason);
      note("is told to stop:", reason);
      papers
          .directory()
          .writeStop(
              switch (reason) {
                case CANCELLED -> Action.Reason.CANCELLED;
                case SUPERSEDED -> Action.Reason.SUPERSEDED;
              });
      durable.run();
      act();
    });
  }

  @Override
  public void settle(Runnable gone) {
    onceMade(() -> {
      standing = Standing.SETTLED;
      whenGone.add(gone);
      act();
    });
  }

  @Override
  public void look() {
    onceMade(this::act);
  }

  private void onceMade(Runnable word) {
    if (made) {
      word.run();
    } else {
      whenMade.add(word);
    }
  }

  @Override
  public boolean inTheWay() {
    return standing == Standing.SUPERSEDED || standing == Standing.ORPHAN;
  }

  @Override
  public boolean survivesWorker() {
    return true;
  }

  private void note(Object... what) {
    world
        .witness()
        .chronicle()
        .note(
            attempt().job(),
            process.worker(),
            "incarnation",
            process.incarnation(),
            "token",
            attempt().token(),
            what);
  }
}
