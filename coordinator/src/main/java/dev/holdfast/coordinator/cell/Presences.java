package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.worker.Presence;

/** Announcements of workers. */
final class Presences {
  private Presences() {}

  /** Words of an older incarnation, or older words of this one, tell nothing. */
  static void announced(Turn turn, CellInput.OfPresence input) {
    Presence presence = input.presence();
    WorkerView known =
        turn.cell()
            .findWorker(presence.worker())
            .orElseGet(() -> WorkerView.started(presence.worker(), presence.incarnation()));
    Presence newest = known.presence();
    boolean old =
        presence.incarnation() < known.incarnation()
            || (newest != null
                && newest.incarnation() == presence.incarnation()
                && newest.sequence() >= presence.sequence());
    if (!old) {
      turn.cell().put(known.announced(presence, turn.now()));
    }
  }
}
