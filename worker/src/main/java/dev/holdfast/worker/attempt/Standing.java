package dev.holdfast.worker.attempt;

import dev.holdfast.schemas.attempt.Order;

/** How an attempt stands with the coordinator, as far as this worker has been told. */
public enum Standing {
  /** Found on the disk at start; the coordinator has not answered yet. */
  UNANSWERED,
  /** It holds the job's lease. */
  CURRENT,
  /** It holds the job's lease, and is to end as cancelled. */
  CANCELLING,
  /** The coordinator knows no such job; it may have been behind, so it is asked a second time. */
  UNKNOWN,
  /** Unknown twice: nobody will ever ask for it. */
  ORPHAN,
  /** Overtaken by a later token; nothing of it is wanted. */
  SUPERSEDED,
  /** The coordinator has what it needs of it. */
  SETTLED;

  /** The standing after the coordinator's word on a repeated question. */
  public Standing told(Order.Standing verdict) {
    return switch (verdict) {
      case CURRENT -> isOver() || this == CANCELLING ? this : CURRENT;
      case CANCELLING -> isOver() ? this : CANCELLING;
      case SUPERSEDED -> isOver() ? this : SUPERSEDED;
      case UNKNOWN ->
          switch (this) {
            case UNANSWERED -> UNKNOWN;
            case UNKNOWN -> ORPHAN;
            // A verdict may be older than the order that came before it.
            case CURRENT, CANCELLING, ORPHAN, SUPERSEDED, SETTLED -> this;
          };
    };
  }

  /** The standing after an order to stop. */
  public Standing stopped(Order.StopReason reason) {
    return switch (reason) {
      case CANCELLED -> isOver() ? this : CANCELLING;
      case SUPERSEDED -> isOver() ? this : SUPERSEDED;
    };
  }

  /** Whether the attempt's lease may be this worker's to keep alive. */
  public boolean mayHoldLease() {
    return !isOver();
  }

  /** Whether nothing of the attempt is wanted any more; such a standing never changes again. */
  public boolean isOver() {
    return this == ORPHAN || this == SUPERSEDED || this == SETTLED;
  }
}
