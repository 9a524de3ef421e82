package dev.holdfast.drill.simulation;

import dev.holdfast.monitor.liveness.Findings;
import dev.holdfast.monitor.liveness.InMemoryLeaseTable;
import dev.holdfast.monitor.liveness.LeaseTable;
import dev.holdfast.monitor.liveness.LeaseWatch;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord;
import java.time.Duration;

/**
 * The shell of the real watch of one ledger partition. Its table and its offset outlive it, and
 * change together with what it writes, as in a transaction; its ticks are its incarnation's own.
 */
final class Monitor {
  private static final int LOOKS_PER_TICK = 5;
  private static final long LONGEST_STEP_MS = 4;
  private static final long RETRY_MS = 200;

  private final World world;
  private final Partition<LedgerEntry> ledger;
  private final Duration tick;
  private final Machine machine;
  private final LeaseTable table = new InMemoryLeaseTable();
  private int position;
  private Life life;
  private LeaseWatch watch;
  private Conduct.Ticks ticks;
  private boolean stepping;

  Monitor(World world, Partition<LedgerEntry> ledger, Duration tick) {
    this.world = world;
    this.ledger = ledger;
    this.tick = tick;
    this.machine = new Machine(world.scheduler(), world.chance());
    this.life = machine.newLife();
    this.watch = newWatch();
    this.ticks = newTicks();
    lookForTicks();
    ledger.onAppend(this::wake);
    world.broker().onReturn(this::wake);
  }

  /** The same process, stopped and continued. */
  Life life() {
    return life;
  }

  int openLeases() {
    return watch.open();
  }

  void crash() {
    life.end();
  }

  /** A new incarnation; whatever the old one still had in hand is fenced off. */
  void restart() {
    life.end();
    life = machine.newLife();
    stepping = false;
    watch = newWatch();
    ticks = newTicks();
    lookForTicks();
    wake();
  }

  private LeaseWatch newWatch() {
    return new LeaseWatch(table, world.conduct().tickInterval(tick));
  }

  private Conduct.Ticks newTicks() {
    return world.conduct().ticks(table.clock().incarnation() + 1, tick);
  }

  private void lookForTicks() {
    life.after(
        tick.toMillis() / LOOKS_PER_TICK,
        () -> {
          ticks.next(machine.nanos()).ifPresent(due -> write(due, world.chance().between(1, 20)));
          lookForTicks();
        });
  }

  /** A tick that is due waits for the log, however long, as long as its writer lives. */
  private void write(LeaseRecord.Tick due, long delayMs) {
    life.after(
        delayMs,
        () -> {
          if (world.broker().up()) {
            ledger.append(new LedgerEntry("", due));
          } else {
            write(due, RETRY_MS);
          }
        });
  }

  private void wake() {
    if (!stepping && !life.isOver() && position < ledger.end() && world.broker().up()) {
      stepping = true;
      life.after(world.chance().between(0, LONGEST_STEP_MS), this::step);
    }
  }

  private void step() {
    stepping = false;
    if (world.broker().up()) {
      int offset = position++;
      if (ledger.holds(offset)) {
        read(ledger.at(offset).value());
      }
      wake();
    }
  }

  private void read(LedgerEntry entry) {
    switch (entry.value()) {
      case null -> watch.closed(new JobId(entry.key()));
      case LeaseRecord.Opened opened -> watch.opened(new JobId(entry.key()), opened);
      case LeaseRecord.Heartbeat beat ->
          watch.beat(new JobId(entry.key()), beat).ifPresent(this::propose);
      case LeaseRecord.Tick ticked -> {
        ticks.returned(ticked, machine.nanos());
        Findings findings = watch.ticked(ticked);
        findings.alert().ifPresent(alert -> world.witness().saw(Occasion.MASS_SILENCE_HELD_BACK));
        findings.proposals().forEach(this::propose);
      }
    }
  }

  private void propose(JobCommand proposal) {
    world.witness().chronicle().note(proposal.job(), "monitor proposes", proposal);
    world.broker().commands().append(proposal);
  }
}
