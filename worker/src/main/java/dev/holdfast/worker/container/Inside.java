package dev.holdfast.worker.container;

import dev.holdfast.worker.container.ContainerPlan.Mount;
import dev.holdfast.worker.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where things are inside a container, and how this machine's paths read there.
 *
 * <p>The job sees its workspace, what its {@code HOLDFAST_...} variables name, and the objects that
 * its clone borrows. The control files lie below {@link #PRIVATE}, which it cannot enter.
 */
final class Inside {
  static final String WORKSPACE = "/workspace";
  static final String PRIVATE = "/.holdfast";
  static final Path RUN = Path.of(PRIVATE, "run");
  private static final String SHIM = PRIVATE + "/shim";
  private static final String LOCK = PRIVATE + "/worker.lock";
  private static final String GIVEN = "/holdfast/";
  private static final String OURS = "HOLDFAST_";
  private static final String ALTERNATES = ".git/objects/info/alternates";

  /** The container is the job's cgroup; within it, its memory goes before the shim's. */
  private static final Launch.Confinement STEPPING_BACK = new Launch.Confinement(List.of(), 0, 500);

  /** What the attempt owns; all else that a variable names is shared, and only to be read. */
  private static final Set<String> ITS_OWN =
      Set.of("HOLDFAST_FILES", "HOLDFAST_SECRETS", "HOLDFAST_PROGRESS", "HOLDFAST_CHECKPOINT");

  private final Path runDirectory;
  private final Path workspace;
  private final List<Given> given = new ArrayList<>();

  /** Of one attempt; {@code environment} is as it would be on this machine itself. */
  Inside(Path runDirectory, Path workspace, Map<String, String> environment) {
    this.runDirectory = runDirectory.toAbsolutePath();
    this.workspace = workspace.toAbsolutePath();
    environment.entrySet().stream()
        .filter(variable -> variable.getKey().startsWith(OURS))
        .filter(variable -> variable.getValue().startsWith("/"))
        .map(variable -> place(variable.getKey(), Path.of(variable.getValue())))
        .filter(place -> Files.exists(place.here()))
        .sorted(
            Comparator.<Given>comparingInt(place -> place.here().getNameCount())
                .thenComparing(Given::here))
        .forEach(this::give);
  }

  /**
   * A directory of this machine that the job sees.
   *
   * @param own whether it is this attempt's alone
   */
  private record Given(Path here, String inside, boolean own) {}

  /**
   * A file that is replaced by renaming must be seen by its directory, or it would be the old one;
   * but the run directory itself is not the job's to see, and files right in it do not change.
   */
  private Given place(String variable, Path named) {
    Path directory = Objects.requireNonNull(named.getParent());
    Path here = Files.isDirectory(named) || directory.equals(runDirectory) ? named : directory;
    return new Given(here, GIVEN + here.getFileName(), ITS_OWN.contains(variable));
  }

  private void give(Given place) {
    boolean seen =
        place.here().startsWith(workspace)
            || given.stream().anyMatch(other -> place.here().startsWith(other.here()));
    if (!seen && !place.here().equals(runDirectory)) {
      given.add(place);
    }
  }

  static List<String> entry() {
    return List.of(SHIM, "--inside", RUN.toString());
  }

  /** What the job must own: not its control files. */
  List<Path> ofTheJob() {
    return Stream.concat(Stream.of(workspace), given.stream().filter(Given::own).map(Given::here))
        .toList();
  }

  List<Mount> mounts(HostPaths host) throws IOException {
    var mounts = new ArrayList<Mount>();
    mounts.add(new Mount(host.shim(), SHIM, false));
    mounts.add(new Mount(host.workerLock(), LOCK, false));
    mounts.add(new Mount(runDirectory, RUN.toString(), true));
    mounts.add(new Mount(workspace, WORKSPACE, true));
    given.forEach(place -> mounts.add(new Mount(place.here(), place.inside(), place.own())));
    for (Path borrowed : borrowedObjects(host.mirrors())) {
      mounts.add(new Mount(borrowed, borrowed.toString(), false));
    }
    return mounts;
  }

  /**
   * A clone names the objects that it borrows by their place on this machine. A job that is started
   * again may have changed the file: nothing but mirrors is ever shown to it.
   */
  private List<Path> borrowedObjects(Path mirrors) throws IOException {
    Path alternates = workspace.resolve(ALTERNATES);
    if (!Files.isRegularFile(alternates, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    return Files.readAllLines(alternates).stream()
        .filter(line -> line.startsWith("/"))
        .map(line -> Path.of(line).normalize())
        .filter(place -> place.startsWith(mirrors) && isItself(place))
        .toList();
  }

  private static boolean isItself(Path directory) {
    try {
      return Files.isDirectory(directory) && directory.toRealPath().equals(directory);
    } catch (IOException e) {
      return false;
    }
  }

  /** The same launch for the shim inside; the image's own environment lies beneath the job's. */
  Launch translate(Launch launch, Map<String, String> ofTheImage) {
    var environment = new LinkedHashMap<String, String>();
    environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("HOME", "/tmp");
    environment.putAll(ofTheImage);
    launch
        .environment()
        .forEach((name, value) ->
            environment.put(name, name.startsWith(OURS) ? translate(value) : value));
    var loss = launch.leaseLoss();
    return new Launch(
        Path.of(translate(launch.directory().toString())),
        launch.command(),
        environment,
        launch.timing(),
        new Launch.LeaseLoss(
            loss.policy(), Path.of(LOCK), loss.frozenLimit(), loss.frozenLimitWithWorker()),
        launch.finisher(),
        STEPPING_BACK);
  }

  private String translate(String value) {
    if (!value.startsWith("/")) {
      return value;
    }
    Path path = Path.of(value);
    if (path.startsWith(workspace)) {
      return place(WORKSPACE, workspace, path);
    }
    for (Given place : given) {
      if (path.startsWith(place.here())) {
        return place(place.inside(), place.here(), path);
      }
    }
    return value;
  }

  private static String place(String inside, Path here, Path path) {
    return path.equals(here) ? inside : inside + "/" + here.relativize(path);
  }
}
