package dev.holdfast.drill.simulation;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.coordinator.cell.CellInput;
import dev.holdfast.coordinator.cell.CellMachine;
import dev.holdfast.coordinator.cell.CellRules;
import dev.holdfast.coordinator.cell.Decision;
import dev.holdfast.coordinator.cell.Effect;
import dev.holdfast.coordinator.cell.EndedJobs;
import dev.holdfast.coordinator.cell.Evolution;
import dev.holdfast.coordinator.cell.WorkerView;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The shell of the real cell machine. What a decision writes is appended at once with the offset of
 * its input, as in a transaction, so a crash falls between two inputs; the state is folded from the
 * events again, the views of workers come from their store.
 */
final class Coordinator {
  private static final long LONGEST_STEP_MS = 4;
  private static final long CLOCK_LOOK_MS = 100;
  private static final long LONGEST_CLOCK_WAIT_MS = 5_000;

  private final World world;
  private final Referee referee;
  private final LedgerAudit audit;
  private final CellMachine machine;
  private final Map<WorkerId, WorkerView> store = new TreeMap<>();
  private final List<Feed<?>> feeds;
  private Cell cell = new Cell(EndedJobs.inMemory());
  private boolean running = true;
  private boolean stepping;
  private boolean timing;

  /** Whoever takes over may sit on another machine, whose clock is another. */
  private int takeOvers;

  Coordinator(World world, CellRules rules, Referee referee, LedgerAudit audit) {
    this.world = world;
    this.referee = referee;
    this.audit = audit;
    this.machine = new CellMachine(rules);
    Broker broker = world.broker();
    this.feeds =
        List.of(
            new Feed<>(broker.commands(), entry -> new CellInput.OfCommand(entry.value())),
            new Feed<>(broker.reports(), entry -> new CellInput.OfReport(entry.value())),
            new Feed<>(broker.workers(), entry -> new CellInput.OfPresence(entry.value())));
    broker.commands().onAppend(this::wake);
    broker.reports().onAppend(this::wake);
    broker.workers().onAppend(this::wake);
    broker.onReturn(this::wake);
  }

  /** One input topic and the offset that is committed with each decision. */
  private static final class Feed<T> {
    private final Partition<T> partition;
    private final Function<Partition.Entry<T>, CellInput> decoder;
    private int position;

    Feed(Partition<T> partition, Function<Partition.Entry<T>, CellInput> decoder) {
      this.partition = partition;
      this.decoder = decoder;
    }

    boolean hasNext() {
      return position < partition.end();
    }

    CellInput next() {
      return decoder.apply(partition.at(position++));
    }
  }

  boolean isIdle() {
    return feeds.stream().noneMatch(Feed::hasNext);
  }

  int queueLength() {
    return cell.queueLength();
  }

  void crash() {
    running = false;
    takeOvers++;
    Cell folded = new Cell(EndedJobs.inMemory());
    var events = world.broker().events();
    for (int offset = 0; offset < events.end(); offset++) {
      Evolution.apply(folded, events.at(offset).value());
    }
    store.values().forEach(folded::put);
    referee.restarted(cell, folded);
    cell = folded;
  }

  void restart() {
    running = true;
    wake();
  }

  private void wake() {
    watchTheClock();
    if (!stepping && running && world.broker().up() && !isIdle()) {
      stepping = true;
      world.scheduler().after(world.chance().between(0, LONGEST_STEP_MS), this::step);
    }
  }

  /** Topics are read in no fixed sequence; each by itself in its own. */
  private void step() {
    stepping = false;
    if (running && world.broker().up()) {
      List<Feed<?>> ready = feeds.stream().filter(Feed::hasNext).toList();
      decide(world.conduct().decidedOn(world.chance().oneOf(ready).next(), cell));
      wake();
    }
  }

  /** Time alone makes it decide, too; its own clock tells how much has passed. */
  private void watchTheClock() {
    Optional<Instant> due = cell.nextDue();
    if (running && !timing && due.isPresent()) {
      timing = true;
      long waitMs = Duration.between(clock(), due.get()).toMillis();
      world
          .scheduler()
          .after(
              Math.clamp(waitMs, CLOCK_LOOK_MS, LONGEST_CLOCK_WAIT_MS),
              () -> {
                timing = false;
                if (running && world.broker().up() && cell.nextDue().isPresent()) {
                  decide(new CellInput.TimePassed());
                }
                wake();
              });
    }
  }

  private void decide(CellInput input) {
    Decision decision;
    try {
      decision = machine.decide(cell, input, clock());
    } catch (RuntimeException e) {
      throw new Violation(Invariant.CORE_IS_TOTAL, input + " led to " + e, "");
    }
    decision
        .events()
        .forEach(event -> {
          world.broker().events().append(event);
          referee.decided(event, world.scheduler().nowMs());
        });
    decision.effects().forEach(this::perform);
    cell.workers().forEach(view -> store.put(view.id(), view));
    audit.agreesWith(cell);
    remember(input, decision);
  }

  private void perform(Effect effect) {
    audit.written(effect);
    Broker broker = world.broker();
    switch (effect) {
      case Effect.SendOrder(Order order) -> broker.orders(order.worker()).append(order);
      case Effect.OpenLease(var job, var lease) ->
          broker.ledger(job).append(new LedgerEntry(job.value(), lease));
      case Effect.CloseLease(var job) ->
          broker.ledger(job).append(new LedgerEntry(job.value(), null));
    }
  }

  private void remember(CellInput input, Decision decision) {
    Witness witness = world.witness();
    switch (input) {
      case CellInput.OfCommand(JobCommand.Submit submit) when decision.events().isEmpty() ->
          witness.saw(Occasion.SUBMITTED_TWICE);
      case CellInput.OfCommand(JobCommand.RequeueStale proposal) -> {
        if (leaseMovedOn(proposal)) {
          witness.saw(Occasion.REQUEUE_REFUSED_LEASE_MOVED_ON);
        }
      }
      case CellInput.OfReport(WorkerReport.Ended ended)
          when decision.events().isEmpty()
              && decision.effects().stream().anyMatch(Coordinator::isClean) ->
          witness.saw(Occasion.REPEATED_ENDED_CLEANED);
      default -> {}
    }
  }

  private boolean leaseMovedOn(JobCommand.RequeueStale proposal) {
    return cell.find(proposal.job()).map(Job::standing).orElse(null) instanceof Job.Running run
        && run.token().equals(proposal.token())
        && run.leaseSequence() > proposal.leaseSequence();
  }

  private static boolean isClean(Effect effect) {
    return effect instanceof Effect.SendOrder(Order.Clean clean);
  }

  /** An hour ahead of the broker's, then an hour behind, then right, then ahead again. */
  private Instant clock() {
    long hoursAhead = List.of(1, -1, 0).get(takeOvers % 3);
    return Instant.EPOCH.plus(Duration.ofHours(hoursAhead)).plusMillis(world.scheduler().nowMs());
  }
}
