package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.job.Cause;
import java.util.Optional;

/** What operators ask of the cell. Whatever is accepted is an event that says who and why. */
final class Operations {
  private Operations() {}

  static void decide(Turn turn, CellCommand command) {
    var cause = new Cause(command.by(), command.why() == null ? "" : command.why());
    switch (command) {
      case CellCommand.SetControl set -> {
        Optional<StandingControl> standing = turn.cell().findControl(set.subject());
        if (standing.isEmpty() || !standing.get().control().equals(set.control())) {
          turn.emit(new CellEvent.ControlSet(turn.now(), cause, set.control()));
        }
      }
      case CellCommand.RemoveControl remove -> {
        if (turn.cell().findControl(remove.control()).isPresent()) {
          turn.emit(new CellEvent.ControlRemoved(turn.now(), cause, remove.control()));
        }
      }
      case CellCommand.ReleaseLock release -> release(turn, release, cause);
    }
  }

  /** The holder is ended; the lock is free when that has provably happened. */
  private static void release(Turn turn, CellCommand.ReleaseLock release, Cause cause) {
    if (!turn.cell().holdersOf(release.lock()).contains(release.holder())) {
      turn.emit(
          new CellEvent.CellCommandRejected(
              turn.now(),
              cause,
              release.subject(),
              "release-lock",
              "lock-not-held",
              "job "
                  + release.holder()
                  + " does not hold the lock "
                  + release.lock()
                  + "; see who does",
              release.request()));
      return;
    }
    turn.emit(new CellEvent.LockReleased(turn.now(), cause, release.lock(), release.holder()));
    String why = "its lock " + release.lock() + " was released";
    Cancellations.cancel(
        turn,
        turn.cell().find(release.holder()).orElseThrow(),
        new Cause(cause.by(), cause.why().isEmpty() ? why : why + ": " + cause.why()));
  }
}
