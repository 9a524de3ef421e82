package dev.holdfast.standalone.demo;

/** What the demo claims; it succeeds only if each was seen to hold. */
enum Claim {
  /**
   * A job outlives its worker and is adopted: same process, same attempt, true exit, every byte.
   */
  ADOPTED,

  /** A job whose worker is dead for good goes on elsewhere, and the two never overlap. */
  REQUEUED,

  /** An outage of the broker makes no living job look dead. */
  OUTLASTED,

  /** What the dead worker's shim had frozen is ended by it. */
  FROZEN_ENDED,

  /** Nothing that the demo started outlives it. */
  NOTHING_LEFT
}
