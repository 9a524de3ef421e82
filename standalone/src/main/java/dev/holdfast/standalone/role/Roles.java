package dev.holdfast.standalone.role;

import dev.holdfast.runtime.Service;
import dev.holdfast.runtime.config.Settings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Runs services until this process is asked to end. */
final class Roles {
  private static final Logger log = LoggerFactory.getLogger(Roles.class);

  private Roles() {}

  /** Makes a service that is not connected yet. */
  @FunctionalInterface
  interface Open {
    Service open() throws InterruptedException;
  }

  /**
   * Opens the services in order, connects them side by side, so that none waits for another one's
   * Kafka, and closes them in reverse when TERM (or Ctrl-C, unless a supervisor handles it) comes.
   * Returns only by the failure of one of them, which ends the process.
   */
  static void run(Settings settings, Path data, List<Open> all) throws InterruptedException {
    if (System.getenv("HOLDFAST_ROLE") != null) {
      Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
      Signal.handle(new Signal("HUP"), SignalHandler.SIG_IGN);
    }
    log.info("settings:{}", settings.effective());
    var running = new ArrayList<Service>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> closeAll(running), "close-services"));
    for (Open each : all) {
      Service service = each.open();
      synchronized (running) {
        running.add(service);
      }
      announce(data, service);
    }
    var failure = new LinkedBlockingQueue<Throwable>();
    for (Service service : List.copyOf(running)) {
      Thread.ofPlatform().name("connect-" + service.name()).start(() -> connect(service, failure));
    }
    throw failed(failure.take());
  }

  private static void connect(Service service, BlockingQueue<Throwable> failure) {
    try {
      service.connect();
      log.info("{} is connected", service.name());
    } catch (Throwable e) {
      failure.add(e);
    }
  }

  private static RuntimeException failed(Throwable cause) {
    return cause instanceof RuntimeException failure
        ? failure
        : new IllegalStateException("a role has failed", cause);
  }

  static PrometheusMeterRegistry metrics() {
    return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  }

  private static void closeAll(List<Service> running) {
    List<Service> open;
    synchronized (running) {
      open = List.copyOf(running);
    }
    for (Service service : open.reversed()) {
      log.info("closing {}", service.name());
      service.close();
    }
  }

  /** The port may be any free one, so the address is left where people and tests find it. */
  private static void announce(Path data, Service service) {
    log.info("{} runs; health and metrics at http://{}", service.name(), service.management());
    try {
      Path directory = Files.createDirectories(data.resolve("management"));
      Files.writeString(directory.resolve(service.name()), service.management() + "\n");
    } catch (IOException e) {
      log.warn("the address of {} could not be written: {}", service.name(), e.toString());
    }
  }
}
