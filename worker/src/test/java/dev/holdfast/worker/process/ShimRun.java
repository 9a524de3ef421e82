package dev.holdfast.worker.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;

/** One run directory with a real shim and a real job; closing it leaves no process behind. */
final class ShimRun implements AutoCloseable {

  static final BootClock CLOCK = BootClock.system();

  /** A job that writes the boot time in seconds every 20 ms: its output tells when it ran. */
  static final String TICKER =
      "while :; do read now idle </proc/uptime; echo $now; sleep 0.02; done";

  final Path directory;
  final Path workerLock;
  final Shim shim;
  final String name = "run-" + UUID.randomUUID();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private Path workingDirectory;
  private Launch.Timing timing =
      new Launch.Timing(Duration.ofSeconds(2), Duration.ofMillis(100), Duration.ZERO);
  private Launch.Policy policy = Launch.Policy.FREEZE;
  private Duration frozenLimit = Duration.ofMinutes(10);
  private Duration frozenLimitWithWorker = Duration.ofMinutes(20);
  private Duration lease = Duration.ofMinutes(1);
  private Launch.Finisher finisher;
  private Launch.Confinement confinement = Launch.Confinement.NONE;

  ShimRun(Path root) throws IOException {
    shim = new Shim(ShimBinary.unpackTo(root.resolve("bin")));
    directory = Files.createDirectories(root.resolve(name));
    workerLock = Files.createFile(root.resolve(name + ".lock"));
    workingDirectory = root;
    environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.put(Launch.RUN_VARIABLE, name);
  }

  ShimRun in(Path newWorkingDirectory) {
    workingDirectory = newWorkingDirectory;
    return this;
  }

  ShimRun variable(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  ShimRun runTimeout(Duration runTimeout) {
    timing = new Launch.Timing(timing.stopGrace(), timing.beat(), runTimeout, timing.idleOutput());
    return this;
  }

  ShimRun idleOutput(Duration idleOutput) {
    timing = new Launch.Timing(timing.stopGrace(), timing.beat(), timing.runTimeout(), idleOutput);
    return this;
  }

  ShimRun finisher(String marker, Duration grace) {
    finisher = new Launch.Finisher(marker, grace);
    return this;
  }

  ShimRun within(Launch.Confinement newConfinement) {
    confinement = newConfinement;
    return this;
  }

  ShimRun beat(Duration beat) {
    timing = new Launch.Timing(timing.stopGrace(), beat, timing.runTimeout(), timing.idleOutput());
    return this;
  }

  ShimRun onLostLease(Launch.Policy newPolicy) {
    policy = newPolicy;
    return this;
  }

  ShimRun frozenLimits(Duration alone, Duration withWorker) {
    frozenLimit = alone;
    frozenLimitWithWorker = withWorker;
    return this;
  }

  ShimRun lease(Duration newLease) {
    lease = newLease;
    return this;
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Writes launch and lease, as a worker does before it starts the shim. */
  ShimRun prepare(String... command) throws IOException {
    Launch launch =
        new Launch(
            workingDirectory,
            List.of(command),
            environment,
            timing,
            new Launch.LeaseLoss(policy, workerLock, frozenLimit, frozenLimitWithWorker),
            finisher,
            confinement);
    AtomicFile.write(directory.resolve(LaunchFile.NAME), LaunchFile.render(launch, directory));
    renew(lease);
    return this;
  }

  ShimRun start(String... command) throws IOException, InterruptedException {
    prepare(command);
    assertThat(shim.start(directory)).isEqualTo(new Shim.Start.Launched());
    return this;
  }

  ShimRun startScript(String script) throws IOException, InterruptedException {
    return start("sh", "-c", script);
  }

  /** Answers the new deadline. */
  long renew(Duration newLease) throws IOException {
    long deadlineMs = CLOCK.nowMs() + newLease.toMillis();
    AtomicFile.replace(directory.resolve(Lease.FILE), new Lease(deadlineMs).render());
    return deadlineMs;
  }

  void stop(Stop.Reason reason, Duration grace) throws IOException {
    AtomicFile.write(directory.resolve(Stop.FILE), new Stop(reason, grace).render());
  }

  ExitRecord awaitExit() throws IOException {
    eventually(() -> Files.exists(directory.resolve(ExitRecord.FILE)));
    return Reading.of(directory.resolve(ExitRecord.FILE), ExitRecord::parse).whole().orElseThrow();
  }

  void awaitState(Beat.State state) {
    eventually(() -> beat().filter(beat -> beat.state() == state).isPresent());
  }

  void awaitOutput(String text) {
    eventually(() -> stdout().contains(text));
  }

  static void eventually(Callable<Boolean> condition) {
    patiently().until(condition);
  }

  static ConditionFactory patiently() {
    return await().pollInterval(10, MILLISECONDS).atMost(Duration.ofSeconds(20));
  }

  private Optional<Beat> beat() throws IOException {
    return Reading.of(directory.resolve(Beat.FILE), Beat::parse).whole();
  }

  Beat beatNow() throws IOException {
    return beat().orElseThrow();
  }

  Identity identity() throws IOException {
    return Reading.of(directory.resolve(Identity.FILE), Identity::parse).whole().orElseThrow();
  }

  String stdout() throws IOException {
    return Files.readString(directory.resolve("stdout"), UTF_8);
  }

  /**
   * Processes of the job, wherever in the process tree they are, by the run in their environment.
   */
  List<Long> living() throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .filter(this::isOurs)
          .map(process -> Long.parseLong(process.getFileName().toString()))
          .filter(pid -> ProcessIdentity.of(pid).isPresent())
          .toList();
    }
  }

  private boolean isOurs(Path process) {
    try {
      String variables = Files.readString(process.resolve("environ"), ISO_8859_1);
      return variables.contains(Launch.RUN_VARIABLE + "=" + name);
    } catch (IOException gone) {
      return false;
    }
  }

  void killShim() throws IOException {
    ProcessIdentity supervisor = identity().shim();
    assertThat(supervisor.isAlive()).isTrue();
    ProcessHandle.of(supervisor.pid()).orElseThrow().destroyForcibly();
    eventually(() -> !supervisor.isAlive());
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (Files.notExists(directory.resolve(Identity.FILE))) {
      return;
    }
    ProcessIdentity supervisor = identity().shim();
    if (Files.notExists(directory.resolve(ExitRecord.FILE)) && supervisor.isAlive()) {
      stop(Stop.Reason.SUPERSEDED, Duration.ZERO);
    }
    eventually(() -> !supervisor.isAlive());
    shim.end(directory, Duration.ZERO);
  }
}
