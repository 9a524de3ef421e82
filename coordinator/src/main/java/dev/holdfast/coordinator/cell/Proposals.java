package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Health;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.OnLostLease;
import dev.holdfast.schemas.job.RequeueReason;
import java.util.Optional;

/**
 * What the monitor proposes. Each proposal names the token and the lease sequence it was made for;
 * if either has moved on it is moot.
 */
final class Proposals {
  private static final String MONITOR = "monitor";

  private Proposals() {}

  private record Target(Job job, Running run) {}

  static void flagLate(Turn turn, JobCommand.FlagLate proposal) {
    target(turn, proposal.job(), proposal.token(), proposal.leaseSequence())
        .filter(target -> target.run().health() == Health.ON_TIME)
        .ifPresent(target -> {
          flag(turn, target, Health.LATE, "no heartbeat for half of stale-after");
          Running run = target.run();
          turn.order(new Order.Look(run.worker(), target.job().id(), run.token()));
        });
  }

  static void flagStale(Turn turn, JobCommand.FlagStale proposal) {
    target(turn, proposal.job(), proposal.token(), proposal.leaseSequence())
        .filter(target -> target.run().health() != Health.STALE)
        .ifPresent(
            target -> flag(turn, target, Health.STALE, "no heartbeat for " + staleAfter(target)));
  }

  static void flagOnTime(Turn turn, JobCommand.FlagOnTime proposal) {
    target(turn, proposal.job(), proposal.token(), proposal.leaseSequence())
        .filter(target -> target.run().health() != Health.ON_TIME)
        .ifPresent(target -> flag(turn, target, Health.ON_TIME, "heartbeats came back"));
  }

  /** Gives the job to somebody else. Whatever is left of the attempt is told to end. */
  static void requeue(Turn turn, JobCommand.RequeueStale proposal) {
    Optional<Target> target =
        target(turn, proposal.job(), proposal.token(), proposal.leaseSequence());
    if (target.isEmpty()) {
      refuse(turn, proposal);
      return;
    }
    Job job = target.get().job();
    Running run = target.get().run();
    turn.lose(job, run, RequeueReason.STALE, new Cause(MONITOR, silence(target.get())));
    turn.order(new Order.Stop(run.worker(), job.id(), run.token(), Order.StopReason.SUPERSEDED));
  }

  /**
   * The monitor may have missed how the lease moved on, so it is told again. The job's history
   * tells only of an attempt that was saved by renewing its lease; a proposal about an attempt that
   * is over is just late, as when several pile up while no coordinator is there.
   */
  private static void refuse(Turn turn, JobCommand.RequeueStale proposal) {
    Optional<Job> living = turn.cell().find(proposal.job());
    if (living.isEmpty() || !(living.get().standing() instanceof Running run)) {
      turn.effect(new Effect.CloseLease(proposal.job()));
      return;
    }
    turn.effect(Leases.open(living.get(), run.token(), run.leaseSequence(), run.worker()));
    if (run.token().equals(proposal.token())) {
      turn.reject(
          proposal.job(),
          MONITOR,
          "requeue-stale",
          new Rejection(
              "lease-moved-on",
              "token "
                  + proposal.token()
                  + " has renewed its lease since sequence "
                  + proposal.leaseSequence(),
              null));
    }
  }

  private static Optional<Target> target(Turn turn, JobId id, Token token, long leaseSequence) {
    return turn.cell()
        .find(id)
        .filter(job ->
            job.standing() instanceof Running run
                && run.token().equals(token)
                && run.leaseSequence() == leaseSequence)
        .map(job -> new Target(job, (Running) job.standing()));
  }

  private static void flag(Turn turn, Target target, Health health, String why) {
    turn.emit(
        new JobEvent.HealthChanged(
            target.job().id(), turn.now(), new Cause(MONITOR, why), target.run().token(), health));
  }

  /** A job that was being cancelled ends here, though nobody has seen its processes gone. */
  private static String silence(Target target) {
    String silence =
        "worker " + target.run().worker() + " gave no heartbeat for " + staleAfter(target);
    if (!target.run().cancelling()) {
      return silence;
    }
    OnLostLease policy = target.job().spec().onLostLease();
    return silence
        + ", so the job ends without its word; what is left of the attempt there "
        + switch (policy == null ? OnLostLease.FREEZE : policy) {
          case FREEZE -> "is frozen, and ended as soon as it can be";
          case CONTINUE -> "may run on until its worker is back to end it";
          case END -> "was to end with its lease";
        };
  }

  private static String staleAfter(Target target) {
    var liveness = target.job().spec().liveness();
    return liveness == null ? "stale-after" : liveness.staleAfter() + " on the log's clock";
  }
}
