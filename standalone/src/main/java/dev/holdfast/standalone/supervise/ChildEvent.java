package dev.holdfast.standalone.supervise;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What happened to a child, as told to the supervisor's listener. */
public sealed interface ChildEvent {

  String name();

  /** A new process runs. */
  record Started(String name, long pid) implements ChildEvent {}

  /**
   * A process left alive by an earlier supervisor is watched from now on instead of starting one.
   */
  record Adopted(String name, long pid) implements ChildEvent {}

  /**
   * A process left alive by an earlier supervisor was started with other settings: it is asked to
   * end, and a new one takes its place.
   */
  record Outdated(String name, long pid) implements ChildEvent {}

  /** The readiness probe said yes, for the first time in this process's life. */
  record Ready(String name, long pid, Duration after) implements ChildEvent {}

  /**
   * The process ended without having been asked to.
   *
   * @param exitCode 128 + signal number when a signal ended it; empty for an adopted process, whose
   *     exit code only its parent could have learnt
   * @param restartIn pause before the next start
   * @param lastWords why, in its own words; empty if it left none, or was killed
   * @param log where it wrote
   */
  record Died(
      String name,
      long pid,
      OptionalInt exitCode,
      Duration restartIn,
      Optional<String> lastWords,
      Path log)
      implements ChildEvent {}

  /** No process could be started; tried again after the pause. */
  record NotStarted(String name, String reason, Duration retryIn) implements ChildEvent {}

  /**
   * The process ended because this supervisor asked it to.
   *
   * @param killed whether it ignored TERM for so long that KILL was needed
   */
  record Stopped(String name, long pid, boolean killed) implements ChildEvent {}

  /** There is no {@code setsid} program: a Ctrl-C in the terminal reaches this child as well. */
  record SharesTerminal(String name) implements ChildEvent {}
}
