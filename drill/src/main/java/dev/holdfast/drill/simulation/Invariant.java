package dev.holdfast.drill.simulation;

/** What must hold after every step, whatever went wrong before it. */
enum Invariant {
  TOKENS_RISE("every assignment of a job carries a larger token than all before it"),
  ONE_ATTEMPT_AT_A_TIME("a job is assigned only while no other attempt of it holds its lease"),
  CURRENT_TOKEN_ONLY("nothing is accepted under a token that is not the job's current one"),
  TERMINAL_STAYS("a terminal state is never left"),
  NO_OVERLAP("no attempt does a step after a later attempt has done one"),
  LOCK_EXCLUSION(
      "a lock has one holder, and nobody does a step under it after its next holder did"),
  TRUE_OUTCOME("the outcome is what the attempt's own end says"),
  NO_FALSE_REVOCATION("no job is taken from a worker that was well and could write"),
  NOTHING_THROWN_AWAY("no attempt is given up as lost that lives or has left its exit record"),
  NOTHING_LIVING_REMOVED("no run directory is removed while its attempt lives"),
  SLOTS("no worker runs more attempts than it has slots"),
  LEDGER_AGREES("the open leases of the ledger are those of the coordinator's running jobs"),
  STATE_IS_FOLD("the coordinator's state is the fold of its events"),
  CORE_IS_TOTAL("a core decides on every input"),
  LIVENESS("once all faults are over every job ends, and nothing is left of it anywhere");

  private final String promise;

  Invariant(String promise) {
    this.promise = promise;
  }

  String promise() {
    return promise;
  }
}
