package dev.holdfast.drill.simulation;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What goes wrong, when, and for how long. Each seed has a mixture of faults of its own. */
final class Faults {
  private static final long LONGEST_MS = 300_000;

  private final World world;
  private final Chance chance;
  private final Targets targets;
  private final List<Kind> kinds;
  private final long meanPauseMs;
  private final Set<Lasting> active = new LinkedHashSet<>();
  private boolean over;

  Faults(World world, Chance chance, Targets targets) {
    this.world = world;
    this.chance = chance;
    this.targets = targets;
    this.kinds = mixture(chance);
    this.meanPauseMs = chance.spread(2_000, 60_000);
  }

  /** What can be hit. */
  record Targets(Cast cast, List<Host> hosts, List<Monitor> monitors, Coordinator coordinator) {}

  private enum Kind {
    WORKER_CRASH(Occasion.FAULT_WORKER_CRASH),
    WORKER_PAUSE(Occasion.FAULT_WORKER_PAUSE),
    SHIM_KILL(Occasion.FAULT_SHIM_KILL),
    JOB_KILL(Occasion.FAULT_JOB_KILL),
    HOST_REBOOT(Occasion.FAULT_HOST_REBOOT),
    HOST_PAUSE(Occasion.FAULT_HOST_PAUSE),
    OUTWARD_CUT(Occasion.FAULT_OUTWARD_CUT),
    INWARD_CUT(Occasion.FAULT_INWARD_CUT),
    SLOW_NETWORK(Occasion.FAULT_SLOW_NETWORK),
    BROKER_OUTAGE(Occasion.FAULT_BROKER_OUTAGE),
    MONITOR_CRASH(Occasion.FAULT_MONITOR_CRASH),
    MONITOR_PAUSE(Occasion.FAULT_MONITOR_PAUSE),
    MONITOR_REPLACED(Occasion.FAULT_MONITOR_REPLACED),
    LEDGER_COMPACTED(Occasion.FAULT_LEDGER_COMPACTED),
    COORDINATOR_CRASH(Occasion.FAULT_COORDINATOR_CRASH);

    private final Occasion occasion;

    Kind(Occasion occasion) {
      this.occasion = occasion;
    }
  }

  /** A fault that lasts, who is unwell for as long, and how it ends. */
  private record Lasting(Kind kind, String whom, Wellness wellness, Runnable end) {}

  private static List<Kind> mixture(Chance chance) {
    Set<Kind> some = EnumSet.noneOf(Kind.class);
    for (Kind kind : Kind.values()) {
      if (chance.oneIn(2)) {
        some.add(kind);
      }
    }
    return List.copyOf(some.isEmpty() ? EnumSet.allOf(Kind.class) : some);
  }

  void begin() {
    world.mischief().begin(chance.oneIn(3) ? 1_000 : (int) chance.between(8, 100));
    strikeLater();
  }

  /** Everything is repaired, and nothing goes wrong any more. */
  void heal() {
    over = true;
    world.mischief().end();
    List.copyOf(active).forEach(this::end);
    targets.hosts().stream().filter(host -> !host.workerAlive()).forEach(Host::startWorker);
    world.witness().chronicle().note("all faults are over");
  }

  private void strikeLater() {
    world
        .scheduler()
        .after(
            chance.between(0, 2 * meanPauseMs),
            () -> {
              if (!over) {
                strike(chance.oneOf(kinds));
                strikeLater();
              }
            });
  }

  private void strike(Kind kind) {
    world.witness().saw(kind.occasion);
    switch (kind) {
      case WORKER_CRASH,
          WORKER_PAUSE,
          SHIM_KILL,
          JOB_KILL,
          HOST_REBOOT,
          HOST_PAUSE,
          OUTWARD_CUT,
          INWARD_CUT,
          SLOW_NETWORK ->
          strike(kind, someHost());
      case MONITOR_CRASH, MONITOR_PAUSE, MONITOR_REPLACED ->
          strike(kind, chance.oneOf(targets.monitors()));
      case BROKER_OUTAGE -> {
        if (world.broker().up()) {
          world.broker().goAway();
          last(kind, "", targets.cast().path(), world.broker()::comeBack);
        }
      }
      case LEDGER_COMPACTED -> world.broker().compactLedger();
      case COORDINATOR_CRASH -> {
        targets.coordinator().crash();
        last(kind, "", targets.cast().path(), targets.coordinator()::restart);
      }
    }
  }

  /** One host has the worst luck, for faults that follow each other closely find the most. */
  private Host someHost() {
    return chance.oneIn(2) ? targets.hosts().getFirst() : chance.oneOf(targets.hosts());
  }

  private void strike(Kind kind, Host host) {
    String whom = host.worker().value();
    switch (kind) {
      case WORKER_CRASH -> host.crashWorker();
      case WORKER_PAUSE -> last(kind, whom, host.wellness(), host.pauseWorker());
      case SHIM_KILL -> host.anyShim(chance).ifPresent(host::killShim);
      case JOB_KILL -> host.anyShim(chance).ifPresent(Shim::killJob);
      case HOST_REBOOT -> host.reboot(chance.spread(5_000, LONGEST_MS));
      case HOST_PAUSE -> last(kind, whom, host.wellness(), host.pause());
      case OUTWARD_CUT -> {
        host.link().cutOutward();
        last(kind, whom, host.wellness(), host.link()::mendOutward);
      }
      case INWARD_CUT -> {
        host.link().cutInward();
        last(kind, whom, host.wellness(), host::mendInward);
      }
      case SLOW_NETWORK -> {
        host.link().slowDown();
        last(kind, whom, host.wellness(), host.link()::speedUp);
      }
      default -> throw new IllegalArgumentException(kind + " does not hit a host");
    }
  }

  /** Nobody is unwell for want of a monitor: without ticks nobody ages. */
  private void strike(Kind kind, Monitor monitor) {
    var nobody = new Wellness(world.scheduler());
    switch (kind) {
      case MONITOR_CRASH -> {
        monitor.crash();
        last(kind, "", nobody, monitor::restart);
      }
      case MONITOR_PAUSE -> {
        Life paused = monitor.life();
        paused.stop();
        last(kind, "", nobody, paused::goOn);
      }
      case MONITOR_REPLACED -> {
        monitor.life().stop();
        last(kind, "", nobody, monitor::restart);
      }
      default -> throw new IllegalArgumentException(kind + " does not hit a monitor");
    }
  }

  private void last(Kind kind, String whom, Wellness wellness, Runnable end) {
    long durationMs = durationMs();
    world.witness().chronicle().note(kind, whom, "for", durationMs, "ms");
    var fault = new Lasting(kind, whom, wellness, end);
    wellness.ail(fault);
    active.add(fault);
    world.scheduler().after(durationMs, () -> end(fault));
  }

  /** Of any order of magnitude, or right where leases end and jobs fall stale. */
  private long durationMs() {
    long staleMs = World.LIVENESS.staleAfter().toMillis();
    return chance.oneIn(2)
        ? chance.spread(300, LONGEST_MS)
        : chance.between(staleMs / 2, 2 * staleMs);
  }

  /** What was ended early is not ended again. */
  private void end(Lasting fault) {
    if (active.remove(fault)) {
      world.witness().chronicle().note("end of", fault.kind(), fault.whom());
      fault.end().run();
      fault.wellness().heal(fault);
    }
  }
}
