package dev.holdfast.worker.process;

import java.util.OptionalInt;

/** How an attempt ended. */
public sealed interface Ending {

  /** The leader ended by itself with this exit code. */
  record Exited(int code) implements Ending {}

  /** The leader was ended by a signal that the shim did not send. */
  record Signalled(int signal) implements Ending {}

  /** A stop file ended it. The reason is as in that file. */
  record Stopped(String reason, Leader leader) implements Ending {}

  /** The run timeout ended it. */
  record TimedOut(String reason, Leader leader) implements Ending {}

  /**
   * The loss of its lease ended it: reason {@code deadline} when the job had asked for that, {@code
   * frozen-limit} when it had been frozen for too long.
   */
  record LeaseEnded(String reason, Leader leader) implements Ending {}

  /**
   * The command never ran.
   *
   * @param cause {@code exec}, {@code cwd}, {@code output}, {@code session}: what failed, see
   *     errno; {@code lease}: it was missing, damaged or past
   * @param errno as in errno(3): 2 is ENOENT, 13 is EACCES
   */
  record StartFailed(String cause, OptionalInt errno) implements Ending {}

  /**
   * How the leader ended after the shim had asked it to: a code, or a signal, or neither when it
   * never ran or could not be ended.
   */
  record Leader(OptionalInt code, OptionalInt signal) {
    public Leader {
      if (code.isPresent() && signal.isPresent()) {
        throw new IllegalArgumentException("A leader ends with a code or by a signal, not both");
      }
    }
  }
}
