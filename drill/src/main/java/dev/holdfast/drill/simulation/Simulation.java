package dev.holdfast.drill.simulation;

import dev.holdfast.coordinator.cell.CellRules;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.List;
import java.util.Optional;

/** A whole cell for some virtual hours: first everything goes wrong, then all must come right. */
final class Simulation {
  private static final long FAULTS_MS = 20 * 60_000;
  private static final long SUBMISSIONS_MS = 10 * 60_000;
  private static final long MOST_MS = 6 * 3_600_000;
  private static final long LOOK_MS = 1_000;
  private static final int LOST_LIMIT = 3;

  /** Leads from a seed to that of the jobs' wishes. */
  private static final long WISHES = 1_000_003;

  private final long seed;
  private final Scheduler scheduler = new Scheduler();
  private final Witness witness = new Witness(scheduler);
  private final Cast cast = new Cast(new Wellness(scheduler));
  private final Referee referee = new Referee(witness, cast, LOST_LIMIT);
  private final LedgerAudit audit = new LedgerAudit(witness, cast);
  private final Coordinator coordinator;
  private final List<Monitor> monitors;
  private final Clients clients;
  private final Faults faults;

  private Simulation(long seed, Conduct conduct) {
    this.seed = seed;
    var chance = new Chance(seed);
    var broker = new Broker(scheduler);
    var mischief = new Mischief(chance.split());
    var world = new World(scheduler, chance.split(), broker, conduct, witness, mischief);
    var rules = new CellRules(World.LIVENESS, World.TICK, LOST_LIMIT);
    this.coordinator = new Coordinator(world, rules, referee, audit);
    this.monitors =
        broker.ledger().stream()
            .map(partition -> new Monitor(world, partition, World.TICK))
            .toList();
    int workers = (int) chance.between(2, 4);
    for (int number = 1; number <= workers; number++) {
      var worker = new WorkerId("worker-" + number);
      cast.hosts().put(worker, new Host(world, cast, worker, (int) chance.between(1, 5)));
    }
    this.clients = new Clients(world, cast, referee, new Wishes(new Chance(seed + WISHES)));
    clients.plan((int) chance.between(4, 20), SUBMISSIONS_MS);
    List<Host> hosts = List.copyOf(cast.hosts().values());
    var targets = new Faults.Targets(cast, hosts, monitors, coordinator);
    this.faults = new Faults(world, chance.split(), targets);
    hosts.forEach(Host::startWorker);
  }

  /**
   * What one run brought.
   *
   * @param endedAtMs virtual time at which everything had come right
   */
  record Result(long seed, long steps, long endedAtMs, Occasions occasions) {}

  /**
   * Runs one seed to its end.
   *
   * @throws Violation if an invariant is broken, with the story of the job in question
   */
  static Result run(long seed, Conduct conduct) {
    try {
      return new Simulation(seed, conduct).run();
    } catch (Violation violation) {
      throw violation.withSeed(seed);
    }
  }

  private Result run() {
    faults.begin();
    scheduler.runUntil(FAULTS_MS);
    faults.heal();
    Optional<String> open = unsettled();
    while (open.isPresent()) {
      if (scheduler.nowMs() > MOST_MS) {
        throw witness.violation(
            Invariant.LIVENESS,
            clients.submitted().stream()
                .filter(this::isOpen)
                .findFirst()
                .orElse(clients.submitted().getFirst()),
            open.get());
      }
      scheduler.runUntil(scheduler.nowMs() + LOOK_MS);
      open = unsettled();
    }
    return new Result(seed, scheduler.steps(), scheduler.nowMs(), witness.occasions());
  }

  /** What is not as it must be in the end; empty if all is. */
  private Optional<String> unsettled() {
    List<JobId> living = clients.submitted().stream().filter(this::isOpen).toList();
    if (!living.isEmpty()) {
      return Optional.of(living + " never ended");
    }
    if (coordinator.queueLength() > 0) {
      return Optional.of("the ready queue is not empty");
    }
    if (!audit.isEmpty() || monitors.stream().anyMatch(monitor -> monitor.openLeases() > 0)) {
      return Optional.of("a lease stays open");
    }
    return cast.hosts().values().stream()
        .filter(host -> !host.runs().isEmpty() || host.handlers() > 0)
        .findFirst()
        .map(host -> "something stays on " + host.worker());
  }

  private boolean isOpen(JobId job) {
    return !referee.ended(job);
  }
}
