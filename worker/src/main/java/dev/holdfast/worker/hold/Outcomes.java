package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Usage;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.worker.process.Ending;
import dev.holdfast.worker.process.ExitRecord;
import dev.holdfast.worker.process.Stop;
import java.util.List;
import java.util.Locale;

/** What an exit record means for the job: an outcome, or that none can be known. */
final class Outcomes {
  private static final int ENOENT = 2;
  private static final int ENOTDIR = 20;
  private static final int SIGKILL = 9;

  private Outcomes() {}

  /** How the job ended; or, without an outcome, why the attempt is lost. */
  sealed interface Meaning {
    record Ended(Outcome outcome) implements Meaning {}

    record Lost(String evidence) implements Meaning {}
  }

  static Meaning of(ExitRecord exit, JobSpec spec, String worker) {
    if (exit.oomKills() > 0 && killedByKernel(exit.ending())) {
      return new Meaning.Ended(new Outcome.Failed("out-of-memory", outOfMemory(exit, spec)));
    }
    String place =
        spec.container() == null ? "worker " + worker : "image " + spec.container().image();
    return switch (exit.ending()) {
      case Ending.Exited(int code) -> new Meaning.Ended(new Outcome.Exited(code));
      case Ending.Signalled(int signal) -> new Meaning.Ended(new Outcome.Signalled(signal));
      case Ending.TimedOut(String limit, Ending.Leader leader) ->
          new Meaning.Ended(new Outcome.TimedOut(limit));
      case Ending.Stopped(String reason, Ending.Leader leader) -> stopped(exit, reason);
      case Ending.LeaseEnded(String reason, Ending.Leader leader) ->
          new Meaning.Lost("its lease lapsed and was not renewed in time (" + reason + ")");
      case Ending.StartFailed failed -> notStarted(failed, spec.command(), place);
    };
  }

  /** By itself, or by a shell that repeats how its command ended. */
  private static boolean killedByKernel(Ending ending) {
    return ending.equals(new Ending.Signalled(SIGKILL))
        || ending.equals(new Ending.Exited(128 + SIGKILL));
  }

  private static String outOfMemory(ExitRecord exit, JobSpec spec) {
    Long limit = spec.limits() == null ? null : spec.limits().memoryBytes();
    return "its memory limit%s was reached, and the kernel killed %d of its processes: give it a higher limits.memoryBytes, or see what it needs so much for"
        .formatted(limit == null ? "" : " of " + limit + " bytes", exit.oomKills());
  }

  /** What the attempt used, and of what it could not be rid, in the cell's words. */
  static Usage usage(ExitRecord exit, long survivors) {
    var used = exit.usage();
    return new Usage(
        used.wallMs(),
        used.frozenMs(),
        used.cpuMs(),
        used.peakBytes(),
        used.readBytes(),
        used.writtenBytes(),
        used.stdoutBytes() + used.stderrBytes(),
        (int) Math.max(exit.killed(), exit.leftovers()),
        (int) survivors);
  }

  private static Meaning stopped(ExitRecord exit, String reason) {
    if (!reason.equals(Stop.Reason.CANCELLED.name().toLowerCase(Locale.ROOT))) {
      return new Meaning.Lost("it was ended as " + reason);
    }
    return new Meaning.Ended(new Outcome.Cancelled((int) exit.killed()));
  }

  private static Meaning notStarted(Ending.StartFailed failed, List<String> command, String place) {
    String program = command.getFirst();
    int errno = failed.errno().orElse(0);
    return switch (failed.cause()) {
      case "exec" ->
          new Meaning.Ended(
              errno == ENOENT || errno == ENOTDIR
                  ? new Outcome.Failed("command-not-found", notFound(program, place))
                  : new Outcome.Failed(
                      "command-not-executable", notExecutable(program, place, errno)));
      case "lease" -> new Meaning.Lost("its lease had lapsed before the command could start");
      default ->
          new Meaning.Lost(
              "the shim could not start it: step " + failed.cause() + ", errno " + errno);
    };
  }

  private static String notFound(String program, String place) {
    return "command '%s' was not found on %s: install it there, or give a path that exists%s"
        .formatted(
            program,
            place,
            program.contains("/")
                ? " (a relative one starts at the job's working directory)"
                : " or a PATH that has it in env");
  }

  private static String notExecutable(String program, String place, int errno) {
    return "command '%s' could not be executed on %s (errno %d): expected an executable file; make it one with chmod +x, or run it by its interpreter, e.g. [\"sh\", \"%s\"]"
        .formatted(program, place, errno, program);
  }
}
