package dev.holdfast.worker;

import dev.holdfast.runtime.Service;
import dev.holdfast.runtime.config.Address;
import dev.holdfast.runtime.health.ManagementServer;
import dev.holdfast.runtime.kafka.CellTopics;
import dev.holdfast.worker.agentfiles.AgentFiles;
import dev.holdfast.worker.cgroup.Cgroups;
import dev.holdfast.worker.container.Containers;
import dev.holdfast.worker.container.EnginePace;
import dev.holdfast.worker.container.HostPaths;
import dev.holdfast.worker.container.StoredSecrets;
import dev.holdfast.worker.disk.DiskGuard;
import dev.holdfast.worker.disk.RunStrays;
import dev.holdfast.worker.handler.Handlers;
import dev.holdfast.worker.hold.AttemptDesk;
import dev.holdfast.worker.hold.Links;
import dev.holdfast.worker.hold.Site;
import dev.holdfast.worker.hold.WorkerMetrics;
import dev.holdfast.worker.kafka.KafkaLinks;
import dev.holdfast.worker.keep.Rescue;
import dev.holdfast.worker.keep.Shelf;
import dev.holdfast.worker.keep.Terms;
import dev.holdfast.worker.order.DeadLetters;
import dev.holdfast.worker.order.OrderThread;
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
import dev.holdfast.worker.secret.Secret;
import dev.holdfast.worker.secret.SecretRooms;
import dev.holdfast.worker.secret.SecretStore;
import dev.holdfast.worker.workspace.CollectLimits;
import dev.holdfast.worker.workspace.GitMetrics;
import dev.holdfast.worker.workspace.GitSettings;
import dev.holdfast.worker.workspace.GitWorkspaces;
import dev.holdfast.worker.workspace.HeldRepositories;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker, running. Closing it drains it: what does not end in time lives on without it. */
public final class WorkerService implements Service {
  private static final Logger log = LoggerFactory.getLogger(WorkerService.class);

  /** A worker may be started long before its broker. */
  private static final Duration WAIT_FOR_KAFKA = Duration.ofDays(1);

  private static final Duration BETWEEN_REPORT_TRIES = Duration.ofMillis(500);
  private static final Duration GIT_SERVER_SILENCE = Duration.ofSeconds(30);

  /** Of work that is saved while a job runs: it is stored again and again. */
  private static final long MOST_SAVED_BYTES = 64L * 1024 * 1024;

  private static final long DRAIN_POLL_MS = 20;

  private final WorkerConfig config;
  private final WorkerHome home;
  private final KafkaLinks kafka;
  private final Heartbeats heartbeats;
  private final Containers containers;
  private final PresenceLoop presence;
  private final Cgroups cgroups;
  private final Supervisor supervisor;
  private final AttemptDesk desk;
  private final ManagementServer management;
  private final WorkerMetrics metrics;
  private final DiskGuard disk;
  private final WorkerHouse house;
  private final WorkerIndexes indexing;
  private final Provisioning provisioning;

  /** Asked by the presence thread alone. */
  private final HeldRepositories repositories;

  private volatile @Nullable OrderThread orders;
  private volatile boolean closed;

  private WorkerService(WorkerConfig config, WorkerHome home)
      throws IOException, InterruptedException {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var clock = BootClock.system();
    this.config = config;
    this.home = home;
    this.repositories = new HeldRepositories(home.mirrors());
    this.indexing = new WorkerIndexes(config, home);
    this.metrics = new WorkerMetrics(registry);
    this.disk = DiskGuard.of(config.data(), config.disk().reserveBytes());
    this.kafka = new KafkaLinks(config.cell(), home.id());
    this.heartbeats =
        new Heartbeats(home.id(), home.incarnation(), kafka.beats(), kafka.reports(), clock);
    this.presence = new PresenceLoop(announcer(), kafka.announcements(), clock);
    Cgroups.favourThisProcess();
    this.cgroups = Cgroups.open(config.cgroups(), home.uniqueName());
    log.info("cgroups for jobs: {}", cgroups.describe());
    Path shim = ShimBinary.unpackTo(config.data().resolve("shim"));
    this.containers = containers(shim);
    this.supervisor = new Supervisor(new Shim(shim), cgroups, containers.executor());
    RunDirectories runs = RunDirectories.open(home.runs());
    this.provisioning =
        new Provisioning(
            new SecretStore(config.supplies().secrets()),
            SecretRooms.open(config.data()),
            new AgentFiles(config.supplies().agentFiles()),
            kafka.blobs(),
            supervisor);
    Links.Machine machine = machine(runs, clock, registry);
    this.desk =
        new AttemptDesk(
            site(),
            new Links(log(), machine),
            presence,
            new AttemptDesk.Capacity(config.slots(), Handlers.installed()),
            metrics);
    registry.gauge("holdfast.worker.attempts.held", desk, AttemptDesk::held);
    registry.gauge("holdfast.worker.slots.taken", desk, AttemptDesk::slotsTaken);
    this.management =
        ManagementServer.start(
            config.management(),
            WorkerHealth.of(config.cell().bootstrap(), desk, () -> orders),
            registry);
    containers.begin(presence::changed);
    takeUp(runs);
    var rescue = new Rescue(machine.terms().shelf(), machine.workspaces());
    var care = new RunStrays.Care(supervisor::endStray, rescue::workIn);
    this.house =
        WorkerHouse.open(
            config.disk(),
            home,
            runs,
            new WorkerHouse.Tools(desk, care, supervisor, containers),
            registry);
    house.begin(config, disk, presence::changed);
  }

  /**
   * Starts a worker: takes up what lives on its disk at once, then waits for Kafka, and takes new
   * work once the coordinator has answered.
   *
   * @throws dev.holdfast.worker.run.WorkerHomeInUse if another worker uses its directory
   * @throws UncheckedIOException if its directory cannot be used
   */
  public static WorkerService start(WorkerConfig config) throws InterruptedException {
    WorkerService service = open(config);
    try {
      service.connect();
      return service;
    } catch (InterruptedException | RuntimeException e) {
      service.close();
      throw e;
    }
  }

  /** Takes up what lives on its disk and tells its health at once. */
  public static WorkerService open(WorkerConfig config) throws InterruptedException {
    try {
      WorkerHome home = WorkerHome.open(config.data(), config.name());
      log.info("worker {} incarnation {} in {}", home.id(), home.incarnation(), config.data());
      try {
        return new WorkerService(config, home);
      } catch (IOException | InterruptedException | RuntimeException e) {
        home.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a worker in " + config.data(), e);
    }
  }

  private void takeUp(RunDirectories runs) throws IOException, InterruptedException {
    RunDirectories.Found found = runs.lookAtAll();
    provisioning.sweep(found.whole().stream().map(RunDirectory::attempt).toList());
    desk.takeUp(found);
    Thread.ofVirtual()
        .name("indexes")
        .start(() -> {
          try {
            indexing.sweep();
          } catch (IOException e) {
            log.warn("cannot put the indexes in order: {}", e.toString());
          }
        });
  }

  @Override
  public void connect() throws InterruptedException {
    try (var admin = kafka.clients().admin()) {
      CellTopics.ensure(admin, config.cell(), WAIT_FOR_KAFKA);
    }
    // Reads before anything is asked, so that no answer can be missed.
    orders = OrderThread.start(home.id(), kafka::orders, desk, deadLetters());
    presence.begin(this::announced);
    desk.open();
  }

  private DeadLetters deadLetters() {
    DeadLetters letters = kafka.deadLetters();
    return (record, reason) -> {
      log.error(
          "order at offset {} of {} cannot be read: {}", record.offset(), record.topic(), reason);
      metrics.deadLetter();
      letters.bury(record, reason);
    };
  }

  private PresenceLoop.Offer announced() {
    try {
      home.seen(Instant.now());
    } catch (IOException e) {
      log.debug("cannot leave a trace of being alive: {}", e.toString());
    }
    return desk.offer().holding(repositories.urls());
  }

  private Site site() {
    return new Site(
        home.id(),
        home.incarnation(),
        config.cell().cell(),
        config.cell().liveness(),
        config.limits(),
        config.times().stopGrace(),
        home.lockPath(),
        config.environment(),
        home.lastSeen());
  }

  private Links.Log log() {
    return new Links.Log(
        kafka.reports(),
        new Courier(kafka.reports(), BETWEEN_REPORT_TRIES),
        heartbeats,
        kafka.output(),
        kafka.blobs());
  }

  private Containers containers(Path shim) {
    return new Containers(
        new Containers.Identity(config.cell().cell(), home.id(), home.uniqueName()),
        config.engine(),
        new HostPaths(home.runs(), shim, home.lockPath(), home.mirrors()),
        new StoredSecrets(new SecretStore(config.supplies().secrets())),
        EnginePace.STANDARD);
  }

  private Terms terms() {
    var standard = config.limits().collect();
    return new Terms(
        config.times().prepare(),
        config.times().saveWork(),
        new CollectLimits(
            standard.diffBytes(),
            Math.min(standard.bundleBytes(), MOST_SAVED_BYTES),
            standard.uncommittedBytes()),
        new Shelf(
            config.data().resolve("saved").toAbsolutePath(),
            config.supplies().savedBytes(),
            InstantSource.system()));
  }

  private Links.Machine machine(
      RunDirectories runs, BootClock clock, PrometheusMeterRegistry registry) {
    var gitMetrics = new GitMetrics(registry);
    var secrets = new SecretStore(config.supplies().secrets());
    var git =
        new GitSettings(
            home.mirrors(), GIT_SERVER_SILENCE, Path.of(System.getProperty("user.home"), ".ssh"));
    return new Links.Machine(
        runs,
        supervisor,
        new OnDemand<>(() ->
            new GitWorkspaces(
                git,
                name -> secrets.find(name).map(Secret::text),
                gitMetrics,
                InstantSource.system())),
        containers,
        indexing.indexes(),
        provisioning,
        terms(),
        clock,
        disk);
  }

  private PresenceLoop.Announcer announcer() {
    return new PresenceLoop.Announcer(
        home.id(),
        home.incarnation(),
        hostName(),
        ProcessHandle.current().pid(),
        Instant.now(),
        config.cell().tick(),
        config.capacity());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  @Override
  public String name() {
    return "worker";
  }

  @Override
  public Address management() {
    return management.address();
  }

  /** Drains, then leaves. */
  @Override
  public void close() {
    drain();
    leave();
  }

  private void drain() {
    desk.drain();
    long giveUpAt = System.nanoTime() + config.times().drain().toNanos();
    try {
      while (!closed && desk.held() > 0 && System.nanoTime() - giveUpAt < 0) {
        Thread.sleep(DRAIN_POLL_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets go of everything at once: the disk and the shims keep what is under way. */
  void leave() {
    if (closed) {
      return;
    }
    closed = true;
    if (desk.held() > 0) {
      log.info("leaving {} attempts to their shims", desk.held());
    }
    house.close();
    disk.close();
    desk.leave();
    indexing.close();
    presence.close();
    heartbeats.close();
    containers.close();
    OrderThread reading = orders;
    if (reading != null) {
      reading.close();
    }
    kafka.close();
    management.close();
    cgroups.close();
    try {
      home.close();
    } catch (IOException e) {
      log.debug("cannot close the lock file: {}", e.toString());
    }
  }
}
