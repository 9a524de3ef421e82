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
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Runs services until this process is asked to end. */
final class Roles {
  private static final Logger log = LoggerFactory.getLogger(Roles.class);

  private Roles() {}

  /** Makes a service; it may wait for Kafka. */
  @FunctionalInterface
  interface Start {
    Service start() throws InterruptedException;
  }

  /**
   * Starts the services in order, and closes them in reverse when TERM (or Ctrl-C, unless a
   * supervisor handles it) comes. Never returns before that.
   */
  static void run(Settings settings, Path data, List<Start> starts) throws InterruptedException {
    if (System.getenv("HOLDFAST_ROLE") != null) {
      Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
      Signal.handle(new Signal("HUP"), SignalHandler.SIG_IGN);
    }
    log.info("settings:{}", settings.effective());
    var running = new ArrayList<Service>();
    var closed = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> closeAll(running, closed), "close-services"));
    for (Start start : starts) {
      Service service = start.start();
      synchronized (running) {
        running.add(service);
      }
      announce(data, service);
    }
    closed.await();
  }

  static PrometheusMeterRegistry metrics() {
    return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  }

  private static void closeAll(List<Service> running, CountDownLatch closed) {
    synchronized (running) {
      for (Service service : running.reversed()) {
        log.info("closing {}", service.name());
        service.close();
      }
    }
    closed.countDown();
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
