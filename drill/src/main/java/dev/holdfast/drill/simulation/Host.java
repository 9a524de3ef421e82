package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A machine with a worker: boot clock, disk, shims. What is in here outlives the worker. */
final class Host {
  private static final long LONGEST_JVM_START_MS = 1_500;
  private static final long LONGEST_SHIM_START_MS = 20_000;
  private static final long LONGEST_NOTICE_MS = 200;

  private final World world;
  private final Cast cast;
  private final WorkerId worker;
  private final int slots;
  private final Machine machine;
  private final Excuse excuse;
  private final Excuse workerExcuse;
  private final Link link;
  private final Wellness wellness;
  private final Map<HeldAttempt, RunDirectory> runs =
      new TreeMap<>(Comparator.comparing(HeldAttempt::token));
  private long incarnation;
  private @Nullable WorkerProcess process;

  Host(World world, Cast cast, WorkerId worker, int slots) {
    this.world = world;
    this.cast = cast;
    this.worker = worker;
    this.slots = slots;
    this.machine = new Machine(world.scheduler(), world.chance());
    this.excuse = new Excuse(world.scheduler());
    this.workerExcuse = new Excuse(world.scheduler());
    this.link = new Link(world.broker(), world.chance());
    this.wellness = new Wellness(world.scheduler());
    wellness.ail(WorkerProcess.class);
    world.broker().onReturn(this::wakeReader);
    world.broker().orders(worker).onAppend(this::wakeReader);
  }

  WorkerId worker() {
    return worker;
  }

  int slots() {
    return slots;
  }

  Link link() {
    return link;
  }

  Wellness wellness() {
    return wellness;
  }

  Machine machine() {
    return machine;
  }

  Collection<RunDirectory> runs() {
    return runs.values();
  }

  // The worker's life

  void startWorker() {
    machine
        .power()
        .after(
            world.chance().between(LONGEST_JVM_START_MS / 5, LONGEST_JVM_START_MS),
            () -> {
              if (process == null) {
                incarnation++;
                world
                    .witness()
                    .chronicle()
                    .note("worker", worker, "starts as incarnation", incarnation);
                process = new WorkerProcess(world, this, machine.newLife(), incarnation);
                process.begin();
              }
            });
  }

  boolean workerAlive() {
    return process != null;
  }

  int handlers() {
    return process == null ? 0 : (int) process.runningHandlers();
  }

  private void killWorker() {
    if (process != null) {
      world.witness().chronicle().note("worker", worker, "is killed, incarnation", incarnation);
      wellness.ail(WorkerProcess.class);
      process.kill();
      process = null;
    }
  }

  /** Dies here and now, if chance will have it, and is restarted after a while. */
  boolean diesAt(Occasion crashPoint) {
    if (process == null || !world.mischief().strikes()) {
      return false;
    }
    world.witness().saw(crashPoint);
    world.witness().chronicle().note(crashPoint, "on", worker);
    crashWorker();
    return true;
  }

  /** Stands still here and now, if chance will have it, and is without network for longer. */
  void stumblesAt(Occasion instant) {
    if (process == null || !world.mischief().strikes()) {
      return;
    }
    long standstillMs = world.mischief().standstillMs();
    long deafMs = standstillMs + world.mischief().deafnessMs();
    world.witness().saw(instant);
    world.witness().chronicle().note(instant, worker, standstillMs, "ms, deaf", deafMs, "ms");
    var ailment = new Object();
    wellness.ail(ailment);
    link.cutOutward();
    link.cutInward();
    world.scheduler().after(standstillMs, pauseWorker());
    world
        .scheduler()
        .after(
            deafMs,
            () -> {
              link.mendOutward();
              mendInward();
              wellness.heal(ailment);
            });
  }

  /** Dies, and is restarted after a while. */
  void crashWorker() {
    killWorker();
    machine.power().after(world.mischief().downtimeMs(), this::startWorker);
  }

  /** It has been told how everything stands, so from now on it can do what is expected of it. */
  void workerReconciled() {
    if (process != null) {
      wellness.heal(WorkerProcess.class);
    }
  }

  private void wakeReader() {
    if (process != null) {
      process.wakeReader();
    }
  }

  void mendInward() {
    link.mendInward();
    wakeReader();
  }

  // The machine's life

  /** Loses all processes; the disk stays. */
  void reboot(long downMs) {
    world.witness().chronicle().note("host of", worker, "reboots");
    killWorker();
    shims().forEach(Shim::kill);
    machine.reboot();
    machine.power().after(downMs, this::startWorker);
  }

  /** Stops everything on it; the answer lets it go on. */
  Runnable pause() {
    List<Life> lives = new ArrayList<>(List.of(machine.power()));
    if (process != null) {
      lives.add(process.life());
    }
    shims().map(Shim::life).forEach(lives::add);
    return machine.pause(lives, List.of(excuse, workerExcuse));
  }

  /** Stops the worker alone; its shims go on. */
  Runnable pauseWorker() {
    List<Life> lives = process == null ? List.of() : List.of(process.life());
    return machine.pause(lives, List.of(workerExcuse));
  }

  /** For processes of this host. */
  Excuse excuse() {
    return excuse;
  }

  /** For code inside the worker. */
  Excuse workerExcuse() {
    return workerExcuse;
  }

  private Stream<Shim> shims() {
    return runs.values().stream().map(RunDirectory::shim).filter(Objects::nonNull);
  }

  // The disk

  void put(RunDirectory directory) {
    runs.put(directory.attempt(), directory);
  }

  void remove(RunDirectory directory) {
    Shim shim = directory.shim();
    if (shim != null && shim.alive()) {
      throw world
          .witness()
          .violation(
              Invariant.NOTHING_LIVING_REMOVED,
              directory.assigned().job(),
              "token " + directory.assigned().token() + " still lives on " + worker);
    }
    directory.retire();
    runs.remove(directory.attempt());
  }

  /** Forks a shim, which claims the directory a little later, whatever becomes of the worker. */
  void startShim(RunDirectory directory, Runnable answered) {
    Work work = cast.work(directory.assigned().job());
    machine
        .power()
        .after(
            world.chance().spread(1, LONGEST_SHIM_START_MS),
            () -> {
              var shim = new Shim(world, this, directory, work, machine.newLife());
              if (directory.claim(shim)) {
                shim.start();
              } else {
                world.witness().saw(Occasion.SECOND_LAUNCH_REFUSED);
              }
              answered.run();
            });
  }

  /** A living worker looks every now and then, and finds what has changed. */
  void shimChanged(HeldAttempt attempt) {
    machine
        .power()
        .after(
            world.chance().between(1, LONGEST_NOTICE_MS),
            () -> {
              if (process != null) {
                process.noticed(attempt);
              }
            });
  }

  /** Some attempt's living shim, if there is one. */
  Optional<Shim> anyShim(Chance chance) {
    List<Shim> alive = shims().filter(Shim::alive).toList();
    return alive.isEmpty() ? Optional.empty() : Optional.of(chance.oneOf(alive));
  }

  void killShim(Shim shim) {
    shim.kill();
    shimChanged(shim.attempt());
  }

  /** No more attempts may live here than there are slots. */
  void countRunning(JobId newest) {
    long shims = shims().filter(Shim::alive).count();
    int handlers = handlers();
    if (shims + handlers > slots) {
      throw world
          .witness()
          .violation(
              Invariant.SLOTS,
              newest,
              "%s has %d slots and runs %d processes and %d handlers"
                  .formatted(worker, slots, shims, handlers));
    }
  }

  Work work(JobId job) {
    return cast.work(job);
  }
}
