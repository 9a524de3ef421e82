package dev.holdfast.standalone.demo;

import dev.holdfast.runtime.config.Address;
import dev.holdfast.standalone.broker.BrokerConfig;
import dev.holdfast.standalone.broker.BrokerPorts;
import dev.holdfast.standalone.cli.Api;
import dev.holdfast.standalone.supervise.ChildEvent;
import dev.holdfast.standalone.supervise.DataDirLock;
import dev.holdfast.standalone.supervise.Supervisor;
import dev.holdfast.standalone.up.Plan;
import dev.holdfast.standalone.up.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Brings the system up, plays the scenes, takes it down; tells everything. */
final class Demo {
  private static final Duration LEAVING_PATIENCE = Duration.ofSeconds(10);
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);

  private final Path directory;
  private final Story story;

  Demo(Path directory, Story story) {
    this.directory = directory;
    this.story = story;
  }

  boolean run() throws InterruptedException {
    story.heading("Holdfast demo: real processes are killed here, and nothing gets lost.");
    var leftovers = new Leftovers(directory);
    var cleaning = new Thread(leftovers::end, "demo-clean-up");
    Runtime.getRuntime().addShutdownHook(cleaning);
    try (DataDirLock lock = DataDirLock.take(directory, "up")) {
      play(lock);
      judgeLeftovers(leftovers);
    } catch (DemoFailure e) {
      story.tell("BROKEN: " + e.getMessage());
    } finally {
      leftovers.end();
      Runtime.getRuntime().removeShutdownHook(cleaning);
    }
    return story.conclude();
  }

  /** Before they are ended by force: what is left by then is a broken claim. */
  private void judgeLeftovers(Leftovers leftovers) throws InterruptedException {
    long beganNanos = System.nanoTime();
    int left = leftovers.count();
    while (left > 0 && System.nanoTime() - beganNanos < LEAVING_PATIENCE.toNanos()) {
      Thread.sleep(100);
      left = leftovers.count();
    }
    story.found(
        new Finding(
            Claim.NOTHING_LEFT,
            "-",
            "-",
            left == 0 ? "nothing of the demo runs any more" : left + " processes STILL RUN",
            Duration.ofNanos(System.nanoTime() - beganNanos),
            "-",
            left == 0));
  }

  private void play(DataDirLock lock) throws InterruptedException {
    BrokerConfig broker =
        BrokerPorts.settle(
            BrokerConfig.in(lock.directory().resolve("broker")).withPort(freePort()));
    try (var supervisor = new Supervisor(lock, this::tell)) {
      story.heading("Starting a Kafka broker, then control plane and workers");
      Plan plan = plan(lock.directory(), broker);
      supervisor.start(plan.brokerSpec()).join();
      Pace pace = Pace.after(bringUp(supervisor, plan));
      story.tell(
          "short intervals for the demo: a heartbeat each "
              + pace.heartbeat().toSeconds()
              + " s, stale after "
              + pace.staleAfter().toSeconds()
              + " s (default: 30 s and 120 s)");
      Path repository = DemoRepository.create(directory.resolve("repository"));
      story.tell("made a git repository with 5 commits: " + repository);
      var stage = new Stage(supervisor, plan, new Api(plan.url()), repository, pace, story);
      new AdoptionScene(stage).play();
      var stale = new StaleScene(stage, directory.resolve("steps.txt"));
      stale.play();
      new OutageScene(stage).play();
      stale.awaitEndOfFrozen();
    }
    story.tell("everything is stopped");
  }

  private static Plan plan(Path data, BrokerConfig broker) {
    Pace pace = Pace.shortest();
    return new Plan(
        data,
        broker,
        List.of(),
        new Address("127.0.0.1", freePort()),
        2,
        4,
        false,
        pace.heartbeat().toString(),
        pace.staleAfter().toString(),
        Duration.ofSeconds(5));
  }

  /** Returns how long it took. */
  private Duration bringUp(Supervisor supervisor, Plan plan) throws InterruptedException {
    long beganNanos = System.nanoTime();
    Stream.concat(plan.controlSpecs().stream(), plan.workerSpecs().stream())
        .map(supervisor::start)
        .toList()
        .forEach(ready -> ready.join());
    var workers = new Workers(plan.url());
    long giveUpAt = beganNanos + START_PATIENCE.toNanos();
    while (workers.present() < plan.workers()) {
      if (System.nanoTime() > giveUpAt) {
        throw new DemoFailure(
            "the workers did not announce themselves; see " + directory + "/logs");
      }
      Thread.sleep(50);
    }
    story.tell("up: " + plan.url());
    return Duration.ofNanos(System.nanoTime() - beganNanos);
  }

  private void tell(ChildEvent event) {
    switch (event) {
      case ChildEvent.Started started ->
          story.tell("  " + started.name() + " runs as process " + started.pid());
      case ChildEvent.Died died ->
          story.tell(
              "  " + died.name() + " died; restarted in " + died.restartIn().toMillis() + " ms");
      case ChildEvent.NotStarted not ->
          story.tell("  " + not.name() + " could not be started: " + not.reason());
      case ChildEvent.Adopted adopted -> {}
      case ChildEvent.Outdated outdated -> {}
      case ChildEvent.Ready ready -> {}
      case ChildEvent.Stopped stopped -> {}
      case ChildEvent.SharesTerminal shares -> {}
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
