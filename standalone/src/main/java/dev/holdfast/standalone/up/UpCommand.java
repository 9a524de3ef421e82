package dev.holdfast.standalone.up;

import dev.holdfast.runtime.config.Address;
import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.config.Setting;
import dev.holdfast.runtime.config.Settings;
import dev.holdfast.standalone.broker.BrokerPorts;
import dev.holdfast.standalone.role.BrokerCommand;
import dev.holdfast.standalone.supervise.DataDirLock;
import dev.holdfast.standalone.supervise.Supervisor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sun.misc.Signal;

@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = {
      "Start the whole system on this machine: broker, control plane, workers.",
      "Ctrl-C drains: running jobs may finish; a second Ctrl-C leaves them to the next 'up'.",
    })
public final class UpCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept (default: HOLDFAST_DATA or .holdfast/data).")
  private @Nullable String data;

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = "Address of the HTTP API (default: HOLDFAST_HTTP or 127.0.0.1:8080).")
  private @Nullable String http;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description =
          "Address of the embedded broker; one that other machines reach lets them run workers"
              + " (default: 127.0.0.1:9092 or a free port, then kept).")
  private @Nullable String kafka;

  @Option(names = "--workers", paramLabel = "N", description = "How many workers (default: 2).")
  private int workers = 2;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "How many jobs each worker runs at once (default: HOLDFAST_SLOTS or 4).")
  private @Nullable String slots;

  @Option(
      names = "--separate",
      description = "Run coordinator, monitor and gateway as processes of their own.")
  private boolean separate;

  @Option(
      names = "--heartbeat",
      paramLabel = "DURATION",
      description = "Time between heartbeats (default: HOLDFAST_HEARTBEAT or 30s).")
  private @Nullable String heartbeat;

  @Option(
      names = "--stale-after",
      paramLabel = "DURATION",
      description =
          "Silence after which a job is requeued (default: HOLDFAST_STALE_AFTER or 120s).")
  private @Nullable String staleAfter;

  @Option(
      names = "--drain",
      paramLabel = "DURATION",
      description = "How long Ctrl-C waits for running jobs (default: HOLDFAST_DRAIN or 30s).")
  private @Nullable String drain;

  @Option(
      names = "--fsync",
      description = "Survive power loss: write every record through to the disk.")
  private boolean fsync;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Settings settings = settings();
    long beganNanos = System.nanoTime();
    Path directory = settings.path(Setting.DATA);
    try (DataDirLock lock = DataDirLock.take(directory, "up")) {
      StartUpCache cache = StartUpCache.here();
      Plan plan = plan(settings, lock.directory(), cache.flags());
      var console = new Console(out);
      var stop = new CountDownLatch(1);
      var leave = new CountDownLatch(1);
      var supervisor = new Supervisor(lock, console::tell);
      AddressInUse.check(plan.http(), supervisor);
      Signal.handle(new Signal("INT"), signal -> ask(stop, leave));
      Signal.handle(new Signal("TERM"), signal -> ask(stop, leave));
      supervisor.stopUnwanted(Set.copyOf(plan.names()), Duration.ofSeconds(15));
      if (new Startup(supervisor, plan, console).run(stop)) {
        cache.learn();
        console.ready(plan, Duration.ofNanos(System.nanoTime() - beganNanos));
        stop.await();
      }
      bringDown(supervisor, plan, console, leave);
    }
    return 0;
  }

  /** The first signal asks to drain, the second to leave at once. */
  private static void ask(CountDownLatch stop, CountDownLatch leave) {
    if (stop.getCount() == 0) {
      leave.countDown();
    }
    stop.countDown();
  }

  private static void bringDown(
      Supervisor supervisor, Plan plan, Console console, CountDownLatch leave)
      throws InterruptedException {
    console.line(
        "draining: running jobs get up to "
            + plan.drain().toSeconds()
            + " s; Ctrl-C again leaves them running for the next 'up'");
    List<String> workers = plan.workerSpecs().stream().map(child -> child.name()).toList();
    var drained = new CountDownLatch(1);
    Thread.startVirtualThread(() -> {
      try {
        supervisor.stop(workers);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        drained.countDown();
      }
    });
    Thread.startVirtualThread(() -> {
      try {
        leave.await();
        workers.forEach(name -> supervisor.kill(name));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    drained.await();
    supervisor.close();
    console.line("stopped; everything is kept in " + plan.data());
  }

  private Settings settings() {
    var values = new HashMap<>(System.getenv());
    put(values, Setting.DATA, data);
    put(values, Setting.HTTP, http);
    put(values, Setting.SLOTS, slots);
    put(values, Setting.HEARTBEAT, heartbeat);
    put(values, Setting.STALE_AFTER, staleAfter);
    put(values, Setting.DRAIN, drain);
    return Settings.of(values);
  }

  private Plan plan(Settings settings, Path directory, List<String> cacheFlags) {
    return settings.build(() -> {
      CellConfig cell = CellConfig.from(settings);
      Address api = settings.address(Setting.HTTP);
      if (api.port() == 0) {
        settings.problem(Setting.HTTP, "must name a port");
      }
      if (workers < 0 || workers > 64) {
        settings.problem(Setting.WORKER, "--workers must be from 0 to 64, not " + workers);
      }
      return new Plan(
          directory,
          BrokerPorts.settle(BrokerCommand.config(directory.resolve("broker"), kafka, fsync)),
          cacheFlags,
          api,
          workers,
          settings.integer(Setting.SLOTS, 1, 10_000),
          separate,
          cell.liveness().heartbeat().toString(),
          cell.liveness().staleAfter().toString(),
          settings.duration(Setting.DRAIN));
    });
  }

  private static void put(HashMap<String, String> values, Setting setting, @Nullable String value) {
    if (value != null) {
      values.put(setting.key(), value);
    }
  }
}
