package dev.holdfast.worker.run;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.runtime.file.Reserved;
import dev.holdfast.schemas.job.ResourceLimits;
import dev.holdfast.worker.cgroup.Cgroups;
import dev.holdfast.worker.process.BootClock;
import dev.holdfast.worker.process.ExitRecord;
import dev.holdfast.worker.process.Identity;
import dev.holdfast.worker.process.Launch;
import dev.holdfast.worker.process.LaunchFile;
import dev.holdfast.worker.process.Lease;
import dev.holdfast.worker.process.ProcessIdentity;
import dev.holdfast.worker.process.Reading;
import dev.holdfast.worker.process.Shim;
import dev.holdfast.worker.process.Stop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker asks of the shims. Everything concerns the attempt of one run directory, and goes
 * through files: a shim can be asked whether or not the worker that started it still lives.
 */
public final class Supervisor {
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
  private static final long STRAY_POLL_MS = 10;
  private static final long STRAY_ENDS_WITHIN_MS = 15_000;

  private final Shim shim;
  private final Cgroups cgroups;
  private final Executor containers;
  private final String bootId = BootClock.bootId();

  public Supervisor(Shim shim, Cgroups cgroups, Executor containers) {
    this.shim = shim;
    this.cgroups = cgroups;
    this.containers = containers;
  }

  /**
   * Starts a shim, which starts the job and outlives this worker. A directory can be launched once
   * in its life: a second call changes nothing.
   *
   * @param limits of its cgroup, or of its container; null for none
   */
  public Started start(RunDirectory directory, Launch launch, @Nullable ResourceLimits limits)
      throws IOException, InterruptedException {
    if (inContainer(directory)) {
      return containers.start(directory, launch);
    }
    Launch confined = launch.within(confinement(directory, limits));
    Path place = directory.path().toAbsolutePath();
    // Not forced to disk: after a power cut nothing is started from it any more.
    AtomicFile.replacePrivately(place.resolve(LaunchFile.NAME), LaunchFile.render(confined, place));
    return switch (shim.start(directory.path())) {
      case Shim.Start.Launched(), Shim.Start.LaunchedBefore() -> Started.Launched.FIRST;
      case Shim.Start.Refused(int exitCode, String message) ->
          new Started.Never("the shim was not started (exit code " + exitCode + "): " + message);
    };
  }

  private static boolean inContainer(RunDirectory directory) {
    return directory.facts().executor().equals(RunFacts.CONTAINER);
  }

  /**
   * Takes variables out of the launch file once the shim has read it, which its identity file
   * proves.
   */
  public void forgetVariables(RunDirectory directory, Set<String> variables) throws IOException {
    Path file = directory.path().resolve(LaunchFile.NAME);
    if (!variables.isEmpty()
        && Files.exists(file)
        && Files.exists(directory.path().resolve(Identity.FILE))) {
      byte[] found = Files.readAllBytes(file);
      byte[] kept = LaunchFile.without(variables, found);
      if (kept.length < found.length) {
        AtomicFile.replacePrivately(file, kept);
      }
    }
  }

  /** A cgroup that cannot be made now costs the job its limits, not its run. */
  private Launch.Confinement confinement(RunDirectory directory, @Nullable ResourceLimits limits)
      throws IOException {
    try {
      return cgroups.make(directory.attempt(), limits);
    } catch (IOException e) {
      log.warn("{} runs without cgroup and limits: {}", directory.attempt(), e.toString());
      return Cgroups.none().make(directory.attempt(), null);
    }
  }

  /** A glance that costs next to nothing: whether there is an exit record to look at. */
  public boolean mayHaveEnded(RunDirectory directory) {
    return Files.exists(directory.path().resolve(ExitRecord.FILE));
  }

  /** What can be seen of the attempt now. */
  public View look(RunDirectory directory) throws IOException {
    Optional<View> ended = ended(directory);
    if (ended.isPresent()) {
      return ended.get();
    }
    if (!directory.facts().bootId().equals(bootId)) {
      return new View.Unknowable("the machine was restarted: nothing of it can be alive");
    }
    if (inContainer(directory)) {
      View seen = containers.look(directory);
      return seen instanceof View.Alive ? seen : ended(directory).orElse(seen);
    }
    return switch (read(directory, Identity.FILE, Identity::parse)) {
      case Reading.Missing<Identity>() -> new View.NotLaunched();
      case Reading.Damaged<Identity>(String reason) ->
          new View.Unknowable("its identity file is damaged: " + reason);
      case Reading.Whole<Identity>(Identity identity) ->
          identity.shim().isAlive()
              ? new View.Alive(identity.job().pid())
              // The shim may have written its last word between the two looks.
              : ended(directory).orElseGet(() -> unattended(identity));
    };
  }

  private static Optional<View> ended(RunDirectory directory) throws IOException {
    return switch (read(directory, ExitRecord.FILE, ExitRecord::parse)) {
      case Reading.Missing<ExitRecord>() -> Optional.empty();
      case Reading.Damaged<ExitRecord>(String reason) ->
          Optional.of(new View.Unknowable("its exit record is damaged: " + reason));
      case Reading.Whole<ExitRecord>(ExitRecord exit) -> Optional.of(new View.Ended(exit));
    };
  }

  private static View unattended(Identity identity) {
    return new View.Unknowable(
        "its shim, pid " + identity.shim().pid() + ", is gone without an exit record");
  }

  /**
   * Lets the attempt run until then, on the boot clock. The shim believes only a later deadline,
   * and of a torn file keeps the one it knows: so a full disk must not freeze what runs.
   */
  public void extendLease(Path directory, long deadlineMs) throws IOException {
    Reserved.overwrite(directory.resolve(Lease.FILE), new Lease(deadlineMs).render());
  }

  /** Until when it may run; zero, which is long past, if that is not known or of another boot. */
  public long leaseDeadlineMs(RunDirectory directory) throws IOException {
    return directory.facts().bootId().equals(bootId)
        ? read(directory, Lease.FILE, Lease::parse).whole().map(Lease::deadlineMs).orElse(0L)
        : 0;
  }

  /** Asks the shim to end the tree: politely first, after the grace by force. */
  public void stop(RunDirectory directory, Stop.Reason reason, Duration grace) throws IOException {
    Reading<Stop> asked = read(directory, Stop.FILE, Stop::parse);
    if (asked.whole().filter(stop -> stop.reason() == reason).isEmpty()) {
      Reserved.write(directory.path().resolve(Stop.FILE), new Stop(reason, grace).render());
    }
  }

  /**
   * Ends what a shim that is gone may have left of its tree; does nothing where none was started.
   *
   * @throws IOException if something is left
   */
  public void endLeftovers(RunDirectory directory) throws IOException, InterruptedException {
    if (inContainer(directory)) {
      if (directory.facts().bootId().equals(bootId)) {
        containers.endLeftovers(directory.path());
      }
      return;
    }
    if (!Files.exists(directory.path().resolve(Identity.FILE))
        || isProvenGone(directory.path())
        || !directory.facts().bootId().equals(bootId)) {
      return;
    }
    mustBeAll(shim.end(directory.path(), Duration.ZERO).remaining(), directory.path());
  }

  /**
   * Ends what the shim's KILL did not end, as its exit record says; tries for a while.
   *
   * @return how many processes are left all the same; mostly none, and then nothing is done
   */
  public long endSurvivors(RunDirectory directory, ExitRecord exit)
      throws IOException, InterruptedException {
    if (exit.remaining() == 0 || !directory.facts().bootId().equals(bootId)) {
      return 0;
    }
    if (!inContainer(directory)) {
      return endProcesses(directory.path());
    }
    try {
      containers.endLeftovers(directory.path());
      return 0;
    } catch (IOException e) {
      log.debug("{} is not all gone: {}", directory, e.toString());
      return exit.remaining();
    }
  }

  /** Its shim's last word is that every process has ended. */
  private static boolean isProvenGone(Path directory) throws IOException {
    return Reading.of(directory.resolve(ExitRecord.FILE), ExitRecord::parse)
        .whole()
        .filter(exit -> exit.remaining() == 0)
        .isPresent();
  }

  private static void mustBeAll(int remaining, Path directory) throws IOException {
    if (remaining > 0) {
      throw new IOException(
          "%d processes of %s could not be ended; trying again".formatted(remaining, directory));
    }
  }

  /**
   * Takes a run directory out of sight, with proof that nothing runs in it or ever will. A shim
   * that an earlier incarnation had just started may claim the directory at any time before; what
   * claims it later finds that it was moved, and refuses.
   *
   * @return where it is now, to be deleted
   */
  public Path retire(RunDirectories runs, RunDirectory directory)
      throws IOException, InterruptedException {
    endStray(directory.path());
    Path gone = runs.retire(directory);
    endStray(gone);
    try {
      cgroups.remove(directory.attempt());
    } catch (IOException e) {
      log.warn(
          "the cgroup of {} stays until the next start: {}", directory.attempt(), e.toString());
    }
    return gone;
  }

  /**
   * The cgroups of this worker whose attempts have no run directory. Those are made first and go
   * last, so the cgroups are looked at first.
   */
  public Set<String> strayCgroups(RunDirectories runs) throws IOException {
    var strays = new LinkedHashSet<>(cgroups.names());
    if (!strays.isEmpty()) {
      runs.peek().forEach(run -> strays.remove(Cgroups.name(run.attempt())));
    }
    return strays;
  }

  /** Ends what is in a stray cgroup, and removes it. */
  public void endCgroup(String stray) throws IOException, InterruptedException {
    cgroups.end(stray, shim::endCgroup);
  }

  /**
   * Ends whatever runs in a directory that is given up: one that cannot be understood, for its
   * attempt will be given to somebody else as soon as the worker has said that it does not have it;
   * or one whose attempt is over.
   *
   * @throws IOException if something is left, or what runs there cannot be told
   */
  public void endStray(Path directory) throws IOException, InterruptedException {
    if (containers.knows(directory)) {
      containers.endLeftovers(directory);
      containers.retire(directory);
      return;
    }
    if (Files.exists(directory.resolve(Identity.FILE))) {
      mustBeAll(endProcesses(directory), directory);
    }
  }

  /** Through the shim as long as it lives; answers how many processes are left. */
  private int endProcesses(Path directory) throws IOException, InterruptedException {
    Reading<Identity> reading = Reading.of(directory.resolve(Identity.FILE), Identity::parse);
    Optional<ProcessIdentity> living =
        reading.whole().map(Identity::shim).filter(ProcessIdentity::isAlive);
    if (living.isPresent()) {
      var now = new Stop(Stop.Reason.SUPERSEDED, Duration.ZERO);
      Reserved.write(directory.resolve(Stop.FILE), now.render());
      for (long waited = 0; living.get().isAlive(); waited += STRAY_POLL_MS) {
        if (waited > STRAY_ENDS_WITHIN_MS) {
          throw new IOException("the shim in " + directory + " does not follow its stop file");
        }
        Thread.sleep(STRAY_POLL_MS);
      }
    }
    return isProvenGone(directory) ? 0 : shim.end(directory, Duration.ZERO).remaining();
  }

  private static <T> Reading<T> read(
      RunDirectory directory, String file, java.util.function.Function<byte[], Reading<T>> parse)
      throws IOException {
    return Reading.of(directory.path().resolve(file), parse);
  }
}
