package dev.holdfast.worker.hold;

import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Finisher;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Kept;
import dev.holdfast.schemas.job.OnLostLease;
import dev.holdfast.schemas.job.ResourceLimits;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.worker.agentfiles.AgentFiles;
import dev.holdfast.worker.cgroup.Cgroups;
import dev.holdfast.worker.container.Containers;
import dev.holdfast.worker.container.EngineAddress;
import dev.holdfast.worker.container.EnginePace;
import dev.holdfast.worker.container.HostPaths;
import dev.holdfast.worker.container.StoredSecrets;
import dev.holdfast.worker.disk.CgroupStrays;
import dev.holdfast.worker.disk.DiskGuard;
import dev.holdfast.worker.disk.Sweep;
import dev.holdfast.worker.handler.Handlers;
import dev.holdfast.worker.index.CodeIndex;
import dev.holdfast.worker.index.CodeIndexes;
import dev.holdfast.worker.index.lucene.LuceneIndex;
import dev.holdfast.worker.index.lucene.SearchScript;
import dev.holdfast.worker.keep.Shelf;
import dev.holdfast.worker.keep.Terms;
import dev.holdfast.worker.output.OutputLimit;
import dev.holdfast.worker.presence.PresenceLoop;
import dev.holdfast.worker.process.BootClock;
import dev.holdfast.worker.process.Shim;
import dev.holdfast.worker.process.ShimBinary;
import dev.holdfast.worker.provision.Provisioning;
import dev.holdfast.worker.report.Courier;
import dev.holdfast.worker.report.Heartbeats;
import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.run.Supervisor;
import dev.holdfast.worker.run.WorkerHome;
import dev.holdfast.worker.secret.SecretRooms;
import dev.holdfast.worker.secret.SecretStore;
import dev.holdfast.worker.workspace.CollectLimits;
import dev.holdfast.worker.workspace.GitSettings;
import dev.holdfast.worker.workspace.GitWorkspaces;
import dev.holdfast.worker.workspace.Workspaces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A whole worker with real shims and processes, but with a cell in memory. */
final class TestWorker implements AutoCloseable {
  private static final AtomicLong TOKENS = new AtomicLong();

  private static final Duration BETWEEN_SWEEPS = Duration.ofMillis(300);

  private static final EnginePace ENGINE_PACE =
      new EnginePace(
          Duration.ofSeconds(5),
          Duration.ofMillis(200),
          Duration.ofMillis(50),
          Duration.ofMillis(400),
          Duration.ofMinutes(1));

  final WorkerHome home;
  final AttemptDesk desk;
  final RunDirectories.Found found;
  final CodeIndexes indexes;
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final Containers containers;
  final SecretRooms rooms;
  private final Heartbeats heartbeats;
  private final PresenceLoop presence;
  final Shim shim;
  private final Cgroups cgroups;
  private final InMemoryCell cell;
  private final DiskGuard disk;
  private final Thread sweeping;

  /** What the worker keeps free, and of which disk if not its own. */
  record Disk(OptionalLong reserveBytes, Optional<Path> guarded) {}

  /** What a test may choose. */
  record Setup(
      Liveness liveness,
      int slots,
      OutputLimit output,
      Handlers handlers,
      Optional<Workspaces> workspaces,
      String cgroups,
      Optional<List<CodeIndex>> indexes,
      EngineAddress engine,
      Disk disk) {
    static final Setup QUICK =
        new Setup(
            new Liveness(Duration.ofMillis(500), Duration.ofSeconds(20)),
            4,
            OutputLimit.ofHead(64 * 1024 * 1024),
            Handlers.installed(),
            Optional.empty(),
            "off",
            Optional.empty(),
            EngineAddress.OFF,
            new Disk(OptionalLong.of(0), Optional.empty()));

    Setup with(Liveness other) {
      return new Setup(other, slots, output, handlers, workspaces, cgroups, indexes, engine, disk);
    }

    Setup with(OutputLimit limit) {
      return new Setup(
          liveness, slots, limit, handlers, workspaces, cgroups, indexes, engine, disk);
    }

    Setup with(Workspaces other) {
      return new Setup(
          liveness, slots, output, handlers, Optional.of(other), cgroups, indexes, engine, disk);
    }

    Setup with(Handlers other) {
      return new Setup(liveness, slots, output, other, workspaces, cgroups, indexes, engine, disk);
    }

    Setup with(List<CodeIndex> others) {
      return new Setup(
          liveness,
          slots,
          output,
          handlers,
          workspaces,
          cgroups,
          Optional.of(others),
          engine,
          disk);
    }

    Setup with(EngineAddress other) {
      return new Setup(
          liveness, slots, output, handlers, workspaces, cgroups, indexes, other, disk);
    }

    /** Saves often, so that a test need not wait. */
    Terms terms(Path data) {
      return new Terms(
          Duration.ofSeconds(60),
          Duration.ofMillis(300),
          CollectLimits.DEFAULT,
          new Shelf(data.resolve("saved"), 1_000_000, InstantSource.system()));
    }

    Setup withCgroups(String where) {
      return new Setup(liveness, slots, output, handlers, workspaces, where, indexes, engine, disk);
    }

    Setup withSlots(int number) {
      return new Setup(
          liveness, number, output, handlers, workspaces, cgroups, indexes, engine, disk);
    }

    Setup withReserve(long bytes) {
      return with(new Disk(OptionalLong.of(bytes), disk.guarded()));
    }

    /** The worker looks at the room of another disk than its own, which then surprises it. */
    Setup blindTo(Path other) {
      return with(new Disk(disk.reserveBytes(), Optional.of(other)));
    }

    private Setup with(Disk other) {
      return new Setup(
          liveness, slots, output, handlers, workspaces, cgroups, indexes, engine, other);
    }
  }

  TestWorker(Path data, InMemoryCell cell, Setup setup) throws IOException, InterruptedException {
    this.cell = cell;
    home = WorkerHome.open(data, Optional.of("w-1"));
    BootClock clock = BootClock.system();
    heartbeats = new Heartbeats(home.id(), home.incarnation(), cell, cell, clock);
    presence =
        new PresenceLoop(
            new PresenceLoop.Announcer(
                home.id(), home.incarnation(), "here", 1, Instant.EPOCH, setup.liveness().tick()),
            cell,
            clock);
    disk = DiskGuard.of(setup.disk().guarded().orElse(data), setup.disk().reserveBytes());
    var runs = RunDirectories.open(home.runs());
    var git = new GitSettings(home.mirrors(), Duration.ofSeconds(5), data.resolve("ssh"));
    Path binary = ShimBinary.unpackTo(data.resolve("shim"));
    containers =
        new Containers(
            new Containers.Identity("test", home.id(), home.uniqueName()),
            setup.engine(),
            new HostPaths(home.runs(), binary, home.lockPath(), home.mirrors()),
            new StoredSecrets(new SecretStore(data.resolve("secrets"))),
            ENGINE_PACE);
    cgroups = Cgroups.open(setup.cgroups(), home.uniqueName());
    shim = new Shim(binary);
    var supervisor = new Supervisor(shim, cgroups, containers.executor());
    indexes =
        new CodeIndexes(
            home.indexes(),
            setup
                .indexes()
                .orElseGet(() -> List.of(new LuceneIndex(new SearchScript(data.resolve("bin"))))),
            Duration.ofSeconds(60),
            InstantSource.system());
    rooms = SecretRooms.open(data);
    var provisioning =
        new Provisioning(
            new SecretStore(data.resolve("secrets")),
            rooms,
            new AgentFiles(data.resolve("agent-files")),
            cell,
            supervisor);
    var links =
        new Links(
            new Links.Log(cell, new Courier(cell, Duration.ofMillis(50)), heartbeats, cell, cell),
            new Links.Machine(
                runs,
                supervisor,
                () ->
                    setup
                        .workspaces()
                        .orElseGet(() -> new GitWorkspaces(git, InstantSource.system())),
                containers,
                indexes,
                provisioning,
                setup.terms(data),
                clock,
                disk));
    var site =
        new Site(
            home.id(),
            home.incarnation(),
            "test",
            setup.liveness(),
            new Site.Limits(setup.output(), CollectLimits.DEFAULT),
            Duration.ofMillis(300),
            home.lockPath(),
            System.getenv(),
            home.lastSeen());
    desk =
        new AttemptDesk(
            site,
            links,
            presence,
            new AttemptDesk.Capacity(setup.slots(), setup.handlers()),
            new WorkerMetrics(registry));
    found = runs.lookAtAll();
    provisioning.sweep(found.whole().stream().map(RunDirectory::attempt).toList());
    cell.connect(desk::carryOut);
    desk.takeUp(found);
    containers.begin(presence::changed);
    presence.begin(desk::offer);
    disk.begin(Duration.ofMillis(50), presence::changed, wanted -> {});
    var sweep =
        Sweep.of(
            data.resolve("sweep"),
            List.of(new CgroupStrays(supervisor, runs), containers.strays()),
            new Sweep.Pace(BETWEEN_SWEEPS, InstantSource.system()),
            registry);
    sweeping = Thread.ofVirtual().name("sweeping").start(() -> sweepAgainAndAgain(sweep));
    desk.open();
  }

  private static void sweepAgainAndAgain(Sweep sweep) {
    try {
      while (true) {
        sweep.runOnce();
        Thread.sleep(BETWEEN_SWEEPS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many strays of a kind have been removed. */
  double swept(String kind) {
    return registry.counter("holdfast.worker.swept", "kind", kind).count();
  }

  /** Assigns a job to this worker, in answer to its newest presence. */
  Order.Assigned assign(String job, JobSpec spec) {
    return assign(job, spec, null);
  }

  /** The same with what earlier attempts have kept. */
  Order.Assigned assign(String job, JobSpec spec, @Nullable Kept kept) {
    var assigned =
        new Order.Assigned(
            home.id(),
            home.incarnation(),
            cell.presences.stream()
                .filter(presence -> presence.incarnation() == home.incarnation())
                .toList()
                .getLast()
                .sequence(),
            new JobId(job),
            1,
            new Token(TOKENS.incrementAndGet()),
            spec,
            kept);
    cell.order(assigned);
    return assigned;
  }

  static JobSpec shell(String script) {
    return command(List.of("sh", "-c", script));
  }

  static JobSpec command(List<String> command) {
    return new JobSpec(command, null, null, null, null, null, null, null);
  }

  static JobSpec limited(String script, ResourceLimits limits) {
    return asking(script, null, limits, null, null);
  }

  /** A job that asks for more than most do. */
  static JobSpec asking(
      String script,
      Timeouts timeouts,
      ResourceLimits limits,
      OnLostLease onLostLease,
      Finisher finisher) {
    return new JobSpec(
        List.of("sh", "-c", script),
        null,
        null,
        null,
        null,
        null,
        timeouts,
        null,
        null,
        null,
        limits,
        null,
        onLostLease,
        finisher,
        null,
        null);
  }

  static JobSpec handler(String name) {
    return new JobSpec(List.of(), name, null, null, null, null, null, null);
  }

  Path directory(Order.Assigned assigned) {
    return home.runs().resolve(assigned.job().value()).resolve(assigned.token().toString());
  }

  /** Lets go of everything, as a killed worker would, shims and jobs aside. */
  void abandon() {
    endSweeping();
    disk.close();
    desk.leave();
    indexes.close();
    heartbeats.close();
    containers.close();
    presence.close();
    try {
      home.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void endSweeping() {
    try {
      sweeping.interrupt();
      sweeping.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    abandon();
    cgroups.close();
    awaitDeletions();
  }

  /** What is thrown away is deleted by the attempts' threads, which must not meet JUnit's. */
  private void awaitDeletions() {
    Path trash = home.runs().resolve(".trash");
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> {
          try (var left = Files.list(trash)) {
            return left.findAny().isEmpty();
          } catch (NoSuchFileException e) {
            return true;
          }
        });
  }
}
