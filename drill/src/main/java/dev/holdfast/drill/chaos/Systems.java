package dev.holdfast.drill.chaos;

import dev.holdfast.runtime.config.Address;
import dev.holdfast.standalone.broker.BrokerConfig;
import dev.holdfast.standalone.broker.BrokerPorts;
import dev.holdfast.standalone.supervise.Supervisor;
import dev.holdfast.standalone.up.Plan;
import dev.holdfast.standalone.up.StartUpCache;
import dev.holdfast.standalone.up.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Whole systems for drills and benchmarks. */
public final class Systems {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Systems() {}

  /** A system on free ports with short intervals. */
  public static Plan plan(
      Path directory, int workers, int slots, boolean separate, Duration heartbeat) {
    return new Plan(
        directory,
        BrokerPorts.settle(BrokerConfig.in(directory.resolve("broker")).withPort(freePort())),
        StartUpCache.here().flags(),
        new Address("127.0.0.1", freePort()),
        workers,
        slots,
        separate,
        heartbeat.toString(),
        heartbeat.multipliedBy(5).toString(),
        Duration.ofSeconds(5));
  }

  /** Starts everything and waits until its workers take jobs. */
  public static void start(Supervisor supervisor, Plan plan) throws InterruptedException {
    CompletableFuture.allOf(plan.specs().map(supervisor::start).toArray(CompletableFuture[]::new))
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
    var workers = new Workers(plan.url());
    long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
    while (workers.present() < plan.workers()) {
      if (System.nanoTime() > giveUpAt) {
        throw new IllegalStateException("no workers within " + PATIENCE + ": see " + plan.data());
      }
      Thread.sleep(20);
    }
  }

  public static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
