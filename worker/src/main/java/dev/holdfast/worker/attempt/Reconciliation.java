package dev.holdfast.worker.attempt;

import dev.holdfast.worker.attempt.Action.Collect;
import dev.holdfast.worker.attempt.Action.ConcludeCancelled;
import dev.holdfast.worker.attempt.Action.ConcludeLost;
import dev.holdfast.worker.attempt.Action.Launch;
import dev.holdfast.worker.attempt.Action.Reason;
import dev.holdfast.worker.attempt.Action.Remove;
import dev.holdfast.worker.attempt.Action.Report;
import dev.holdfast.worker.attempt.Action.Stop;
import dev.holdfast.worker.attempt.Action.Wait;
import dev.holdfast.worker.attempt.Action.Watch;
import dev.holdfast.worker.attempt.Sighting.Alive;
import dev.holdfast.worker.attempt.Sighting.Concluded;
import dev.holdfast.worker.attempt.Sighting.Exited;
import dev.holdfast.worker.attempt.Sighting.NotLaunched;
import dev.holdfast.worker.attempt.Sighting.Unknowable;

/** The verdict table: what to do with an attempt, given how it stands and what is seen of it. */
public final class Reconciliation {
  private Reconciliation() {}

  public static Action decide(Standing standing, Sighting sighting) {
    return switch (standing) {
      case UNANSWERED, UNKNOWN -> new Wait();
      case CURRENT -> current(sighting);
      case CANCELLING -> cancelling(sighting);
      case ORPHAN -> over(sighting, Reason.ORPHAN);
      case SUPERSEDED, SETTLED -> over(sighting, Reason.SUPERSEDED);
    };
  }

  private static Action current(Sighting sighting) {
    return switch (sighting) {
      case NotLaunched() -> new Launch();
      case Alive() -> new Watch();
      case Unknowable(String evidence) -> new ConcludeLost(evidence);
      case Exited() -> new Collect();
      case Concluded() -> new Report();
    };
  }

  private static Action cancelling(Sighting sighting) {
    return switch (sighting) {
      case NotLaunched() -> new ConcludeCancelled();
      case Alive() -> new Stop(Reason.CANCELLED);
      case Unknowable(String evidence) -> new ConcludeLost(evidence);
      case Exited() -> new Collect();
      case Concluded() -> new Report();
    };
  }

  /** Nothing of it is wanted, but its shim is let finish: what lives is never removed. */
  private static Action over(Sighting sighting, Reason reason) {
    return switch (sighting) {
      case Alive() -> new Stop(reason);
      case NotLaunched(), Unknowable(_), Exited(), Concluded() -> new Remove();
    };
  }
}
