package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.attempt.TrustWindow;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One incarnation of a worker: a model of the shell around the real worker cores. All of it dies
 * with the process; what is to outlive it is in the host's run directories or in the log.
 */
final class WorkerProcess {
  private static final long REPORT_TIMEOUT_MS = 120_000;
  private static final long ASK_AGAIN_MS = 3 * World.TICK.toMillis();

  private final World world;
  private final Host host;
  private final Life life;
  private final long incarnation;
  private final Post post;
  private final LeaseKeeper leases;
  private final Announcer announcer;
  private final OrderReader orders;
  private final Intake intake;
  private final Map<HeldAttempt, Hold> holds =
      new TreeMap<>(Comparator.comparing(HeldAttempt::token));
  private int slotsTaken;
  private boolean reconciled;

  WorkerProcess(World world, Host host, Life life, long incarnation) {
    this.world = world;
    this.host = host;
    this.life = life;
    this.incarnation = incarnation;
    this.post = new Post(world, life, host.link());
    this.leases = new LeaseKeeper(world, this);
    this.announcer = new Announcer(world, this);
    this.orders = new OrderReader(world, this);
    this.intake = new Intake(world, host, this);
  }

  /** Takes up what is on the disk, then asks how it stands; offers no slot before the answer. */
  void begin() {
    for (RunDirectory directory : List.copyOf(host.runs())) {
      long deadlineMs = directory.leaseDeadlineMs(host.machine().boot());
      var window = new TrustWindow(directory.liveness(), deadlineMs);
      var lease = new KeptLease(directory.attempt(), window, Phase.RUNNING, directory::writeLease);
      hold(new ProcessHold(world, host, this, ProcessHold.Papers.found(directory, lease)));
    }
    announcer.announce();
    orders.begin();
    ask();
  }

  private void ask() {
    if (!reconciled) {
      List<HeldAttempt> survivors =
          holds.values().stream().filter(Hold::survivesWorker).map(Hold::attempt).toList();
      report(new WorkerReport.WorkerStarted(worker(), incarnation, survivors));
      life.after(ASK_AGAIN_MS, this::ask);
    }
  }

  void kill() {
    life.end();
    holds.values().stream()
        .filter(hold -> !hold.survivesWorker())
        .forEach(hold -> world.witness().fate(hold.attempt()).vanish());
  }

  /** Does what an order says, and tells once the effect would survive a crash. */
  void carryOut(Order order, Runnable durable) {
    switch (order) {
      case Order.Assigned assigned ->
          intake.assigned(assigned, announcer.sentAtMs(assigned.presenceSequence()), durable);
      case Order.Reconciled answer -> {
        reconciled(answer);
        durable.run();
      }
      case Order.Renewed renewed -> {
        leases.renewed(new HeldAttempt(renewed.job(), renewed.token()), renewed.request());
        durable.run();
      }
      case Order.Stop stop -> stop(stop, durable);
      case Order.Look look -> {
        look(look);
        durable.run();
      }
      case Order.Clean clean -> clean(new HeldAttempt(clean.job(), clean.token()), durable);
    }
  }

  private void reconciled(Order.Reconciled answer) {
    if (answer.incarnation() != incarnation || reconciled) {
      return;
    }
    for (Order.Verdict verdict : answer.verdicts()) {
      Hold hold = holds.get(new HeldAttempt(verdict.job(), verdict.token()));
      if (hold != null) {
        hold.told(verdict.standing());
      }
    }
    reconciled = true;
    host.workerReconciled();
    announcer.announce();
  }

  private void stop(Order.Stop stop, Runnable durable) {
    Hold hold = holds.get(new HeldAttempt(stop.job(), stop.token()));
    if (hold == null) {
      durable.run();
      return;
    }
    hold.stop(stop.reason(), durable);
    if (stop.reason() == Order.StopReason.SUPERSEDED) {
      forgetIfFleeting(hold);
      announcer.announce();
    }
  }

  private void look(Order.Look look) {
    Hold hold = holds.get(new HeldAttempt(look.job(), look.token()));
    if (hold != null) {
      leases.beatNow(hold.attempt());
      hold.look();
    } else if (reconciled) {
      post.deliver(
          world.broker().reports(),
          new WorkerReport.Lost(worker(), look.job(), look.token(), "not on this worker"),
          () -> {});
    }
  }

  private void clean(HeldAttempt attempt, Runnable gone) {
    Hold hold = holds.get(attempt);
    if (hold == null) {
      gone.run();
      return;
    }
    hold.settle(gone);
    forgetIfFleeting(hold);
  }

  private void forgetIfFleeting(Hold hold) {
    if (!hold.survivesWorker()) {
      holds.remove(hold.attempt());
    }
  }

  void noticed(HeldAttempt attempt) {
    life.now(() -> {
      Hold hold = holds.get(attempt);
      if (hold != null) {
        hold.look();
      }
    });
  }

  void wakeReader() {
    orders.wake();
  }

  void stumblesAt(Occasion instant) {
    host.stumblesAt(instant);
  }

  // What the holds need

  void hold(Hold hold) {
    slotsTaken++;
    holds.put(hold.attempt(), hold);
    hold.begin();
  }

  void slotFree() {
    slotsTaken--;
  }

  boolean hasFreeSlot() {
    return slotsTaken < host.slots();
  }

  /** Nothing of it is left on this worker. */
  void gone(Hold hold) {
    boolean wasInTheWay = hold.inTheWay();
    holds.remove(hold.attempt());
    if (wasInTheWay) {
      announcer.announce();
    }
  }

  /** What is offered to the coordinator, which knows itself what it has given out. */
  int slotsOffered() {
    long inTheWay = holds.values().stream().filter(Hold::inTheWay).count();
    return reconciled ? (int) Math.max(0, host.slots() - inTheWay) : 0;
  }

  int held() {
    return holds.size();
  }

  long runningHandlers() {
    return holds.values().stream()
        .filter(hold -> hold instanceof HandlerHold handler && handler.running())
        .count();
  }

  /** Sends once; whoever needs an answer asks again. */
  void report(WorkerReport report) {
    post.send(world.broker().reports(), report, REPORT_TIMEOUT_MS, Post.Delivery.UNWATCHED);
  }

  /** Sends until it is safe. */
  void deliver(WorkerReport report, Runnable safe) {
    post.deliver(world.broker().reports(), report, safe);
  }

  WorkerId worker() {
    return host.worker();
  }

  long incarnation() {
    return incarnation;
  }

  long bootMs() {
    return host.machine().bootMs();
  }

  Life life() {
    return life;
  }

  Link link() {
    return host.link();
  }

  Post post() {
    return post;
  }

  LeaseKeeper leases() {
    return leases;
  }
}
