package dev.holdfast.worker.attempt;

/** The one thing to do with an attempt now. */
public sealed interface Action {
  /** Nothing; whatever lives is bounded by its lease. */
  record Wait() implements Action {}

  /** Make its workspace and start it. */
  record Launch() implements Action {}

  /** It runs: watch it, adopt it if an earlier incarnation started it. */
  record Watch() implements Action {}

  /** Tell its shim to end the tree, and wait until it has. */
  record Stop(Reason reason) implements Action {}

  /** End what may be left of it, then write down that its outcome cannot be known. */
  record ConcludeLost(String evidence) implements Action {}

  /** It was cancelled before it was started: write that down. */
  record ConcludeCancelled() implements Action {}

  /** It has ended: gather output totals and changes, and write down the outcome. */
  record Collect() implements Action {}

  /** Tell the coordinator what was written down, until it answers. */
  record Report() implements Action {}

  /** End what may be left of it, then take it off the disk. */
  record Remove() implements Action {}

  /** Why a tree is ended. */
  enum Reason {
    /** The job was cancelled. */
    CANCELLED,
    /** A later token has overtaken the attempt. */
    SUPERSEDED,
    /** Nobody knows the job. */
    ORPHAN
  }
}
