package dev.holdfast.worker.attempt;

/** What the run directory and a look at the processes show of an attempt, now. */
public sealed interface Sighting {
  /** No shim was ever started here: the directory has no identity. */
  record NotLaunched() implements Sighting {}

  /** The shim lives, and with it the promise of an exit record. */
  record Alive() implements Sighting {}

  /** The shim is gone and has left no exit record to trust; some of the job may be left. */
  record Unknowable(String evidence) implements Sighting {}

  /** The shim left an exit record that says how the job ended. */
  record Exited() implements Sighting {}

  /** What is to be reported of it is written down. */
  record Concluded() implements Sighting {}
}
