package dev.holdfast.coordinator.cell;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator knows of a worker. Soft state: a wrong view costs a released assignment or a
 * wait, never a second start.
 *
 * <p>How fresh an announcement is, is told by one clock: from the instant at which it was decided
 * on to the instant of a later decision. The broker's time of it is not looked at, since a
 * coordinator whose clock runs a little ahead would find every worker silent for ever.
 *
 * <ul>
 *   <li>Announcements that waited for a coordinator look fresh when they are read at last.
 *       Answering one does no harm: its worker counts the lease from when it sent it, finds too
 *       little left and hands the assignment back, which costs no attempt; only a later one is
 *       answered then. If that worker is gone, its silence is found like that of any other.
 *   <li>A view may have been kept by another coordinator, whose clock was another. So an
 *       announcement from the future is as old as one from the past: whatever the clocks say, it is
 *       answered for two times {@link #freshFor} at most, and the next one settles the matter.
 * </ul>
 *
 * @param incarnation the newest that was heard of
 * @param presence its newest announcement; null until it has sent one
 * @param seenAt when that one was decided on, by the clock of whoever decided; null without one
 * @param answeredInVain sequence of a presence whose assignment the worker handed back; only a
 *     later one is answered
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkerView(
    WorkerId id,
    long incarnation,
    @Nullable Presence presence,
    @Nullable Instant seenAt,
    long answeredInVain) {

  static WorkerView started(WorkerId id, long incarnation) {
    return new WorkerView(id, incarnation, null, null, -1);
  }

  WorkerView announced(Presence newest, Instant at) {
    long inVain = newest.incarnation() == incarnation ? answeredInVain : -1;
    return new WorkerView(id, newest.incarnation(), newest, at, inVain);
  }

  WorkerView handedBack() {
    return presence == null
        ? this
        : new WorkerView(id, incarnation, presence, seenAt, presence.sequence());
  }

  /**
   * Slots that may be given out when the worker already holds some; zero if it should get nothing.
   */
  int free(int held, Instant now) {
    if (presence == null
        || seenAt == null
        || presence.draining()
        || presence.sequence() <= answeredInVain
        || Duration.between(seenAt, now).abs().compareTo(freshFor(presence)) > 0) {
      return 0;
    }
    return Math.max(0, presence.slots() - held);
  }

  /** A worker that missed three announcements is not given work. */
  private static Duration freshFor(Presence presence) {
    return Duration.ofMillis(presence.intervalMs() * 3);
  }
}
