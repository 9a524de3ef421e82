package dev.holdfast.standalone.supervise;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One child from its first start to its stop, through any number of processes. Its own thread owns
 * all state; others only ask it to stop, wait for its end, and read its pid.
 */
final class Child {

  private static final Duration PROBE_EVERY = Duration.ofMillis(50);

  /** How late a stop request may be noticed. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private static final long NO_PID = 0;

  /** Exit codes from here on tell of a signal. */
  private static final int BY_SIGNAL = 128;

  private final ChildSpec spec;
  private final Path dataDir;
  private final ChildLaunch launch;
  private final Consumer<ChildEvent> listener;
  private final Thread thread;
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private final CompletableFuture<Long> firstReady = new CompletableFuture<>();

  private volatile boolean leaving;
  private volatile long pid = NO_PID;
  private ChildLog log;
  private RestartBackoff backoff = RestartBackoff.unbroken();

  Child(ChildSpec spec, Path dataDir, ChildLaunch launch, Consumer<ChildEvent> listener) {
    this.spec = spec;
    this.dataDir = dataDir;
    this.launch = launch;
    this.listener = listener;
    this.log = ChildLog.from(dataDir, spec.name());
    this.thread = Thread.ofVirtual().name("child-" + spec.name()).unstarted(this::live);
  }

  void begin() {
    thread.start();
  }

  void askToStop() {
    stopAsked.countDown();
  }

  /** Stops watching and lets the process live. */
  void askToLeave() {
    leaving = true;
    stopAsked.countDown();
  }

  void awaitEnd() throws InterruptedException {
    thread.join();
  }

  OptionalLong pid() {
    long now = pid;
    return now == NO_PID ? OptionalLong.empty() : OptionalLong.of(now);
  }

  /** The pid of the first process that served; cancelled when the child is stopped before that. */
  CompletableFuture<Long> firstReady() {
    return firstReady.copy();
  }

  private void live() {
    try {
      Optional<Duration> restartIn = adoptAndWatch();
      while (restartIn.isPresent() && !stopAskedWithin(restartIn.get())) {
        restartIn = startAndWatch();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nothing interrupts the thread of child " + spec.name(), e);
    } finally {
      firstReady.cancel(false);
    }
  }

  private Optional<Duration> adoptAndWatch() throws InterruptedException {
    Optional<ChildProcess.Found> found = ChildProcess.Found.find(dataDir, spec.name());
    if (found.isEmpty()) {
      return startAndWatch();
    }
    ChildProcess.Found process = found.get();
    if (process.does(spec)) {
      return watch(process, new ChildEvent.Adopted(spec.name(), process.pid()));
    }
    pid = process.pid();
    listener.accept(new ChildEvent.Outdated(spec.name(), process.pid()));
    end(process);
    return stopAskedWithin(Duration.ZERO) ? Optional.empty() : startAndWatch();
  }

  private Optional<Duration> startAndWatch() throws InterruptedException {
    ChildProcess process;
    log = ChildLog.from(dataDir, spec.name());
    try {
      process = launch.start(spec);
    } catch (IOException e) {
      Duration retryIn = pauseAfterLifeOf(Duration.ZERO);
      listener.accept(new ChildEvent.NotStarted(spec.name(), e.toString(), retryIn));
      return Optional.of(retryIn);
    }
    if (!launch.givesOwnSession()) {
      listener.accept(new ChildEvent.SharesTerminal(spec.name()));
    }
    return watch(process, new ChildEvent.Started(spec.name(), process.pid()));
  }

  /** Returns the pause before the next start when the process died, empty when it was stopped. */
  private Optional<Duration> watch(ChildProcess process, ChildEvent birth)
      throws InterruptedException {
    long bornNanos = System.nanoTime();
    boolean ready = false;
    pid = process.pid();
    listener.accept(birth);
    while (!stopAskedWithin(Duration.ZERO)) {
      if (!ready && ready(process)) {
        ready = true;
        listener.accept(new ChildEvent.Ready(spec.name(), process.pid(), since(bornNanos)));
        firstReady.complete(process.pid());
      }
      if (process.ended(ready ? LOOK_EVERY : PROBE_EVERY)) {
        forget(process);
        Duration restartIn = pauseAfterLifeOf(since(bornNanos));
        listener.accept(
            new ChildEvent.Died(
                spec.name(),
                process.pid(),
                process.exitCode(),
                restartIn,
                lastWords(process),
                log.path()));
        return Optional.of(restartIn);
      }
    }
    if (leaving) {
      return Optional.empty();
    }
    end(process);
    return Optional.empty();
  }

  private void end(ChildProcess process) throws InterruptedException {
    boolean killed = process.stop(spec.stopWithin());
    forget(process);
    listener.accept(new ChildEvent.Stopped(spec.name(), process.pid(), killed));
  }

  /** One that a signal ended has no words: its last line is about something else. */
  private Optional<String> lastWords(ChildProcess process) {
    OptionalInt code = process.exitCode();
    return code.isPresent() && code.getAsInt() < BY_SIGNAL ? log.lastWords() : Optional.empty();
  }

  private boolean stopAskedWithin(Duration pause) throws InterruptedException {
    return stopAsked.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  private Duration pauseAfterLifeOf(Duration life) {
    backoff = backoff.afterLifeOf(life);
    return backoff.pause(ThreadLocalRandom.current().nextDouble());
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private boolean ready(ChildProcess process) {
    try {
      return spec.ready().ready(process.pid());
    } catch (IOException e) {
      return false;
    }
  }

  private void forget(ChildProcess process) {
    PidFile.of(dataDir, spec.name()).removeIfNames(process.pid());
    pid = NO_PID;
  }
}
