package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.worker.attempt.Action;

/**
 * The detached supervisor of one attempt, and its job. It needs no worker: it freezes the job when
 * the lease file says so, thaws it, ends it, and writes the exit record. It dies with its machine;
 * killed, it takes the job with it.
 */
final class Shim {
  private static final long LONGEST_NOTICE_MS = 20;
  private static final int SLOW_ONE_IN = 8;
  private static final long LONGEST_GRACE_MS = 3_000;
  private static final long LONGEST_LAST_WORDS_MS = 300;
  private static final long LOOK_AT_WORKER_MS = 5_000;

  private final World world;
  private final Host host;
  private final RunDirectory directory;
  private final Liveness liveness;
  private final Work work;
  private final Life life;
  private long deadlineMs;
  private int done;
  private State state = State.RUNNING;
  private int stint;
  private long frozenSinceMs;
  private long attendedMs;

  Shim(World world, Host host, RunDirectory directory, Work work, Life life) {
    this.world = world;
    this.host = host;
    this.directory = directory;
    this.liveness = directory.liveness();
    this.work = work;
    this.life = life;
  }

  private enum State {
    RUNNING,
    FROZEN,
    /** The job is over; the exit record is about to be written. */
    ENDING,
    OVER
  }

  HeldAttempt attempt() {
    return directory.attempt();
  }

  Life life() {
    return life;
  }

  /** Whether the shim itself lives. */
  boolean alive() {
    return !life.isOver() && state != State.OVER;
  }

  /**
   * The last look before the job runs: all that came before may have taken longer than the lease.
   */
  void start() {
    deadlineMs = directory.leaseFile();
    Action.Reason stop = directory.stop();
    if (stop != null) {
      end(new Ending.Stopped(stop));
    } else if (host.machine().bootMs() >= deadlineMs) {
      end(new Ending.LeaseEnded());
    } else {
      world.witness().fate(directory.attempt()).begin();
      host.countRunning(directory.assigned().job());
      watchDeadline();
      goOnWorking();
    }
  }

  /** Killed from outside: no exit record, and the job dies with it. */
  void kill() {
    if (alive()) {
      world.witness().fate(directory.attempt()).vanish();
      note("killed");
      life.end();
    }
  }

  /** Somebody else kills the job. */
  void killJob() {
    if (state == State.RUNNING || state == State.FROZEN) {
      end(new Ending.Signalled(9));
    }
  }

  void leaseWritten() {
    life.after(
        world.chance().between(0, LONGEST_NOTICE_MS),
        () -> {
          deadlineMs = Math.max(deadlineMs, directory.leaseFile());
          if (state == State.FROZEN && host.machine().bootMs() < deadlineMs) {
            thaw();
          }
        });
  }

  void stopWritten() {
    life.after(
        world.chance().between(0, LONGEST_NOTICE_MS),
        () -> {
          long graceMs = world.chance().between(0, LONGEST_GRACE_MS);
          long leftMs =
              state == State.FROZEN ? 0 : Math.max(0, deadlineMs - host.machine().bootMs());
          life.after(Math.min(graceMs, leftMs), this::endAsAsked);
        });
  }

  private void endAsAsked() {
    Action.Reason reason = directory.stop();
    if (reason != null && (state == State.RUNNING || state == State.FROZEN)) {
      end(new Ending.Stopped(reason));
    }
  }

  private void goOnWorking() {
    int now = stint;
    life.after(
        world.chance().between(1, work.stepMs()),
        () -> {
          if (now == stint && state == State.RUNNING) {
            workOn();
          }
        });
  }

  private void workOn() {
    world.witness().step(directory.attempt(), host.excuse().holds());
    done++;
    if (done >= work.steps()) {
      end(new Ending.Exited(work.exitCode()));
    } else {
      goOnWorking();
    }
  }

  private void watchDeadline() {
    if (!world.conduct().shimsFreeze()) {
      return;
    }
    long leftMs = deadlineMs - host.machine().bootMs();
    if (leftMs <= 0) {
      life.after(reactionMs(), this::freezeIfLapsed);
    } else {
      life.after(leftMs, this::watchDeadline);
    }
  }

  /** Most machines are quick to freeze; all are as quick as the lease arithmetic asks. */
  private long reactionMs() {
    long mostMs = liveness.freezeWithin().toMillis();
    return world.chance().between(0, world.chance().oneIn(SLOW_ONE_IN) ? mostMs : mostMs / 100);
  }

  private void freezeIfLapsed() {
    if (state != State.RUNNING) {
      return;
    }
    if (host.machine().bootMs() < deadlineMs) {
      watchDeadline();
      return;
    }
    state = State.FROZEN;
    stint++;
    frozenSinceMs = host.machine().bootMs();
    attendedMs = frozenSinceMs;
    note("frozen");
    lookAtWorker(stint);
  }

  private void thaw() {
    state = State.RUNNING;
    stint++;
    note("thawed");
    world.witness().saw(Occasion.FROZEN_AND_THAWED);
    watchDeadline();
    goOnWorking();
  }

  /** A frozen attempt is kept for some time, and much longer while a worker may yet ask for it. */
  private void lookAtWorker(int during) {
    life.after(
        LOOK_AT_WORKER_MS,
        () -> {
          if (state != State.FROZEN || during != stint) {
            return;
          }
          long now = host.machine().bootMs();
          if (host.workerAlive()) {
            attendedMs = now;
          }
          if (now >= attendedMs + liveness.frozenLimit().toMillis()
              || now >= frozenSinceMs + liveness.frozenLimitWithWorker().toMillis()) {
            world.witness().saw(Occasion.LEFT_FROZEN_FOR_TOO_LONG);
            end(new Ending.LeaseEnded());
          } else {
            lookAtWorker(during);
          }
        });
  }

  private void end(Ending ending) {
    if (state == State.FROZEN) {
      world.witness().saw(Occasion.FROZEN_AND_ENDED);
    }
    state = State.ENDING;
    stint++;
    life.after(
        world.chance().between(0, LONGEST_LAST_WORDS_MS),
        () -> {
          state = State.OVER;
          directory.writeExit(ending);
          world.witness().fate(directory.attempt()).end(ending);
          note("left its exit record:", ending);
          host.shimChanged(directory.attempt());
        });
  }

  private void note(Object... what) {
    world
        .witness()
        .chronicle()
        .note(
            directory.assigned().job(),
            "shim of token",
            directory.assigned().token(),
            "on",
            host.worker(),
            what);
  }
}
