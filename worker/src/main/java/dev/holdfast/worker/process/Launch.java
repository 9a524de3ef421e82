package dev.holdfast.worker.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a shim is to run, and under which limits.
 *
 * @param directory where the command starts
 * @param command the program, searched in the PATH of {@code environment}, and its arguments
 * @param environment the complete environment; nothing is inherited
 * @param timing how long things may take
 * @param leaseLoss what to do when the lease passes
 * @param finisher null for a command that leaves by itself
 * @param confinement where it runs, and how it steps back behind the worker
 */
public record Launch(
    Path directory,
    List<String> command,
    Map<String, String> environment,
    Timing timing,
    LeaseLoss leaseLoss,
    @Nullable Finisher finisher,
    Confinement confinement) {

  /** The variable by which leftovers of a run are recognised after its shim has died. */
  public static final String RUN_VARIABLE = "HOLDFAST_RUN";

  /** Of a command that leaves by itself and is confined to nothing. */
  public Launch(
      Path directory,
      List<String> command,
      Map<String, String> environment,
      Timing timing,
      LeaseLoss leaseLoss) {
    this(directory, command, environment, timing, leaseLoss, null, Confinement.NONE);
  }

  public Launch {
    command = List.copyOf(command);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    if (command.isEmpty()) {
      throw new IllegalArgumentException("A launch needs a command, found an empty list");
    }
    environment
        .keySet()
        .forEach(name -> {
          if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException("Not a variable's name: '" + name + "'");
          }
        });
    if (environment.getOrDefault(RUN_VARIABLE, "").isEmpty()) {
      throw new IllegalArgumentException(
          "The environment must name the run in " + RUN_VARIABLE + ", uniquely on this machine");
    }
  }

  /**
   * How long things may take.
   *
   * @param stopGrace between TERM and KILL when the run times out or the lease ends the job
   * @param beat between two signs of life of the shim
   * @param runTimeout after which the job is ended, time frozen not counted; zero for none
   * @param idleOutput how long it may print nothing, time frozen not counted; zero for ever
   */
  public record Timing(
      Duration stopGrace, Duration beat, Duration runTimeout, Duration idleOutput) {
    /** Of a job that may be silent. */
    public Timing(Duration stopGrace, Duration beat, Duration runTimeout) {
      this(stopGrace, beat, runTimeout, Duration.ZERO);
    }

    public Timing {
      requireNotNegative("stopGrace", stopGrace);
      requirePositive("beat", beat);
      requireNotNegative("runTimeout", runTimeout);
      requireNotNegative("idleOutput", idleOutput);
    }
  }

  /**
   * For a command that prints its result and hangs: after the marker it has the grace to leave,
   * then it is ended and counts as exited with 0.
   *
   * @param marker in a line of stdout
   */
  public record Finisher(String marker, Duration grace) {
    public Finisher {
      if (marker.isEmpty() || marker.indexOf('\n') >= 0) {
        throw new IllegalArgumentException("A marker is part of a line, found '" + marker + "'");
      }
      requireNotNegative("grace", grace);
    }
  }

  /**
   * Where the job runs, and how it steps back behind worker and shim when the machine is short.
   *
   * @param cgroups directories of its cgroup, the one that is asked for its members first
   * @param nice added to its nice value; 0 to leave it
   * @param oomScoreAdj as in /proc/pid/oom_score_adj; 0 to leave it
   */
  public record Confinement(List<Path> cgroups, int nice, int oomScoreAdj) {
    public static final Confinement NONE = new Confinement(List.of(), 0, 0);

    public Confinement {
      cgroups = List.copyOf(cgroups);
      if (nice < 0 || oomScoreAdj < 0) {
        throw new IllegalArgumentException(
            "A job steps back, found nice %d and oomScoreAdj %d".formatted(nice, oomScoreAdj));
      }
    }
  }

  /** The same job, confined. */
  public Launch within(Confinement where) {
    return new Launch(directory, command, environment, timing, leaseLoss, finisher, where);
  }

  /**
   * What to do when the lease passes.
   *
   * @param workerLock a file on which a living worker holds a lock ({@code FileChannel.lock})
   * @param frozenLimit after which a frozen job without a living worker is ended
   * @param frozenLimitWithWorker after which a frozen job is ended, worker or not
   */
  public record LeaseLoss(
      Policy policy, Path workerLock, Duration frozenLimit, Duration frozenLimitWithWorker) {
    public LeaseLoss {
      requirePositive("frozenLimit", frozenLimit);
      requirePositive("frozenLimitWithWorker", frozenLimitWithWorker);
    }
  }

  /** The job's own choice of what becomes of it when its lease passes. */
  public enum Policy {
    /** Stop it where it stands, and let it go on when the lease is renewed. */
    FREEZE,
    /** Let it run; its outcome is refused if another attempt was started meanwhile. */
    CONTINUE,
    /** End it. */
    END
  }

  private static void requirePositive(String name, Duration value) {
    if (value.toMillis() <= 0) {
      throw new IllegalArgumentException(name + " must be 1 ms or more, found " + value);
    }
  }

  private static void requireNotNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, found " + value);
    }
  }
}
