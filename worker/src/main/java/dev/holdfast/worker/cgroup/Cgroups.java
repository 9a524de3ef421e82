package dev.holdfast.worker.cgroup;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.job.ResourceLimits;
import dev.holdfast.worker.process.Launch.Confinement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cgroups of this worker's attempts; of none, where there are none to be had. */
public final class Cgroups {
  private static final Logger log = LoggerFactory.getLogger(Cgroups.class);
  private static final Path OOM_SCORE_ADJ = Path.of("/proc/self/oom_score_adj");

  /** Between the worker and what jobs do not run: a job goes first when memory is short. */
  private static final int JOB_OOM_SCORE_ADJ = 500;

  private static final String WORKER_OOM_SCORE_ADJ = "-500";

  /** Where no cgroup weighs a job less than the worker. */
  private static final int NICE = 10;

  /** How many times in 10 ms: a killed process may take a moment to leave its cgroup. */
  private static final int REMOVE_TRIES = 100;

  private static final long BETWEEN_TRIES_MS = 10;

  private final List<Branch> branches;
  private final Set<String> controllers = new TreeSet<>();

  private Cgroups(List<Branch> branches) {
    this.branches = List.copyOf(branches);
    branches.forEach(branch -> controllers.addAll(branch.controllers()));
  }

  /** For a machine, or a worker, without. */
  public static Cgroups none() {
    return new Cgroups(List.of());
  }

  /**
   * Finds and makes what the setting allows; the log says what came of it.
   *
   * @param setting {@code auto}, {@code off}, or a directory to make cgroups in
   * @param worker a name that no other worker on any disk has
   */
  public static Cgroups open(String setting, String worker) throws IOException {
    if (setting.equals("off")) {
      return none();
    }
    String mountInfo = Files.readString(Path.of("/proc/self/mountinfo"));
    List<Place> places =
        setting.equals("auto")
            ? Place.automatic(mountInfo, Files.readString(Path.of("/proc/self/cgroup")))
            : Place.below(Path.of(setting), mountInfo);
    var branches = new ArrayList<Branch>();
    for (Place place : places) {
      try {
        branches.add(Branch.grow(place, worker));
      } catch (IOException e) {
        log.debug("no cgroups of {} for jobs", place.mount(), e);
      }
    }
    if (branches.isEmpty() && !setting.equals("auto")) {
      throw new IOException(
          "HOLDFAST_CGROUPS names %s: expected a directory in a mounted cgroup hierarchy that this worker may write to; name one, or use auto or off"
              .formatted(setting));
    }
    keepUsable(branches);
    branches.forEach(Reservation::apply);
    return new Cgroups(branches);
  }

  /**
   * Who may make a cgroup may still not be allowed to move a process of this worker there: that is
   * found out now, with a process that does nothing, and not with the first job.
   */
  private static void keepUsable(List<Branch> branches) throws IOException {
    if (branches.isEmpty()) {
      return;
    }
    Process idle = new ProcessBuilder("cat").start();
    try {
      branches.removeIf(branch -> !branch.accepts(idle.pid()));
    } finally {
      idle.getOutputStream().close();
      idle.onExit().join();
      for (Branch branch : branches) {
        branch.prune(Branch.PROBE);
      }
    }
  }

  /** Lets the worker, and every shim that it starts, be the last to go when memory is short. */
  public static void favourThisProcess() {
    if (!Branch.write(OOM_SCORE_ADJ, WORKER_OOM_SCORE_ADJ)) {
      log.debug("this worker may not lower its own {}", OOM_SCORE_ADJ);
    }
  }

  /**
   * Bytes that all jobs together may have of this machine's memory; 0 for all of it. What lies
   * outside of these cgroups is to be held to that by itself.
   */
  public static long memoryForJobs() {
    return Reservation.forJobs();
  }

  /** For the log at start. */
  public String describe() {
    if (branches.isEmpty()) {
      return "none: jobs are held together by session and parentage, their limits are not enforced";
    }
    String where =
        branches.stream()
            .map(branch -> branch.directory().toString())
            .collect(Collectors.joining(", "));
    return (branches.getFirst().unified() ? "version 2" : "version 1")
        + ": "
        + where
        + " with "
        + controllers;
  }

  /** Which of cpu, memory, pids, freezer and so on attempts have. */
  public Set<String> controllers() {
    return Set.copyOf(controllers);
  }

  /**
   * Makes the attempt's cgroup, with its limits. A second call for the same attempt finds it.
   *
   * @return what the launch file is to say
   */
  public Confinement make(HeldAttempt attempt, @Nullable ResourceLimits limits) throws IOException {
    boolean enforced = LimitFiles.enforced(limits, controllers);
    var directories = new ArrayList<Path>();
    for (Branch branch : branches) {
      Map<String, String> files = LimitFiles.of(limits, branch.unified(), branch.controllers());
      enforced &= branch.apply(name(attempt), files);
      directories.add(branch.directory().resolve(name(attempt)));
    }
    if (!enforced) {
      log.warn(
          "the limits {} of job {} cannot be enforced on this machine, it runs without: cgroups"
              + " here have {}",
          limits,
          attempt.job(),
          controllers);
    }
    return new Confinement(directories, controllers.contains("cpu") ? 0 : NICE, JOB_OOM_SCORE_ADJ);
  }

  /**
   * Removes the attempt's cgroup.
   *
   * @throws IOException if something is still in it
   */
  public void remove(HeldAttempt attempt) throws IOException, InterruptedException {
    remove(name(attempt));
  }

  private void remove(String name) throws IOException, InterruptedException {
    for (int tried = 1; ; tried++) {
      try {
        for (Branch branch : branches) {
          branch.prune(name);
        }
        return;
      } catch (IOException busy) {
        if (tried == REMOVE_TRIES) {
          throw busy;
        }
        Thread.sleep(BETWEEN_TRIES_MS);
      }
    }
  }

  /** Ends all that is in the cgroup of these directories. */
  public interface Clearing {
    void clear(List<Path> cgroup) throws IOException, InterruptedException;
  }

  /** The names of all cgroups that this worker has made for attempts and not removed. */
  public Set<String> names() throws IOException {
    var names = new LinkedHashSet<String>();
    for (Branch branch : branches) {
      names.addAll(branch.attempts());
    }
    return names;
  }

  /**
   * Ends what is in a cgroup of {@link #names}, and removes it.
   *
   * @throws IOException if something is still in it
   */
  public void end(String name, Clearing clearing) throws IOException, InterruptedException {
    clearing.clear(branches.stream().map(branch -> branch.directory().resolve(name)).toList());
    remove(name);
  }

  /**
   * Lets all go on that is frozen in any of this worker's cgroups: what a freezer of version 1
   * holds cannot even be killed. For whoever clears up after a worker that will not come back.
   */
  public void thaw() throws IOException {
    for (Branch branch : branches) {
      for (String name : branch.attempts()) {
        branch.thaw(name);
      }
    }
  }

  /** Removes the cgroups of attempts of which nothing is left, and with the last one all. */
  public void prune() throws InterruptedException {
    try {
      for (String empty : names()) {
        remove(empty);
      }
    } catch (IOException e) {
      log.debug("cgroups of a worker that is gone stay: {}", e.toString());
    }
    close();
  }

  /** Takes the worker's own directories away, unless an attempt still has its cgroup there. */
  public void close() {
    for (Branch branch : branches) {
      try {
        branch.removeIfBare();
      } catch (IOException e) {
        log.debug("{} stays: {}", branch.directory(), e.toString());
      }
    }
  }

  /** What the attempt's cgroup is called. */
  public static String name(HeldAttempt attempt) {
    return attempt.token() + "-" + attempt.job();
  }
}
