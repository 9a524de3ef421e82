package dev.holdfast.drill.simulation;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.coordinator.cell.CellInput;
import dev.holdfast.monitor.liveness.Ticker;
import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import dev.holdfast.worker.attempt.TrustWindow;
import java.time.Duration;
import java.util.Optional;

/**
 * How the parts of a cell go about what keeps two attempts apart. Every method does what the real
 * shells do with the real cores; a test plants a defect by overriding one, to see it found.
 */
interface Conduct {
  Conduct RIGHT = new Conduct() {};

  /** From when the lease counts that an assignment grants. */
  default long grantCountsFromMs(long presenceSentAtMs, long assignmentReadAtMs) {
    return presenceSentAtMs;
  }

  default TrustWindow beaten(TrustWindow window, long sentAtMs, long ackedAtMs) {
    return window.beaten(sentAtMs, ackedAtMs);
  }

  /** Whether a heartbeat is the right sign of life now; else the lease is asked for. */
  default boolean mayBeat(TrustWindow window, long nowMs) {
    return !window.lapsedAt(nowMs);
  }

  default boolean shimsFreeze() {
    return true;
  }

  /** What the coordinator decides on when this input comes. */
  default CellInput decidedOn(CellInput input, Cell cell) {
    return input;
  }

  default Ticks ticks(long incarnation, Duration interval) {
    var ticker = new Ticker(incarnation, interval);
    return new Ticks() {
      @Override
      public Optional<Tick> next(long nowNanos) {
        return ticker.next(nowNanos);
      }

      @Override
      public void returned(Tick tick, long nowNanos) {
        ticker.returned(tick, nowNanos);
      }
    };
  }

  /** The interval that the watch is told of: it believes in no tick of more than two. */
  default Duration tickInterval(Duration interval) {
    return interval;
  }

  /** Where one incarnation's ticks come from. */
  interface Ticks {
    Optional<Tick> next(long nowNanos);

    void returned(Tick tick, long nowNanos);
  }
}
