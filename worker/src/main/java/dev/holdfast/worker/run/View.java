package dev.holdfast.worker.run;

import dev.holdfast.worker.process.ExitRecord;

/** What can be seen of an attempt: its shim's files, and the processes that they name. */
public sealed interface View {
  /** Nothing was ever started. */
  record NotLaunched() implements View {}

  /** Its shim lives. */
  record Alive(long jobPid) implements View {}

  /** Its shim is gone, and how the job ended cannot be known. */
  record Unknowable(String evidence) implements View {}

  /** It has ended, and its shim has said how. */
  record Ended(ExitRecord exit) implements View {}
}
