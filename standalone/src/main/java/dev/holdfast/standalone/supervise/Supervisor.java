package dev.holdfast.standalone.supervise;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Keeps the wanted children of one data directory alive.
 *
 * <p>A supervisor that is killed leaves its children running; the next one on the directory adopts
 * those that were started as it would start them, and starts the others anew. One that is closed
 * stops them, the last started first.
 *
 * <p>The listener is told everything, from the thread of the child concerned: one child's events
 * come in order, those of two children at the same time. It must not block for long and not throw.
 */
public final class Supervisor implements AutoCloseable {

  private final Path dataDir;
  private final ChildLaunch launch;
  private final Consumer<ChildEvent> listener;

  /** In order of start; guarded by this. */
  private final SequencedMap<String, Child> children = new LinkedHashMap<>();

  /** The lock shows that nobody else supervises the directory; the caller keeps and releases it. */
  public Supervisor(DataDirLock lock, Consumer<ChildEvent> listener) {
    this.dataDir = lock.directory();
    this.launch = new ChildLaunch(dataDir);
    this.listener = listener;
  }

  /**
   * Stops processes left alive by an earlier supervisor under names that are not wanted any more.
   * Returns when they are gone.
   */
  public void stopUnwanted(Set<String> wanted, Duration stopWithin) throws InterruptedException {
    List<Thread> stops = new ArrayList<>();
    for (String name : PidFile.names(dataDir)) {
      if (!wanted.contains(name) && !keeps(name)) {
        stops.add(Thread.startVirtualThread(() -> stopFound(name, stopWithin)));
      }
    }
    for (Thread stop : stops) {
      stop.join();
    }
  }

  /** Command lines of all processes that earlier supervisors have left alive here. */
  public List<List<String>> found() {
    return PidFile.names(dataDir).stream()
        .flatMap(name -> ChildProcess.Found.find(dataDir, name).stream())
        .map(ChildProcess.Found::commandLine)
        .toList();
  }

  private void stopFound(String name, Duration stopWithin) {
    ChildProcess.Found.find(dataDir, name)
        .ifPresent(process -> {
          try {
            boolean killed = process.stop(stopWithin);
            PidFile.of(dataDir, name).removeIfNames(process.pid());
            listener.accept(new ChildEvent.Stopped(name, process.pid(), killed));
          } catch (InterruptedException e) {
            throw new IllegalStateException("Nothing interrupts the end of " + name, e);
          }
        });
  }

  /**
   * Adopts the child's living process or starts one, and keeps one alive from now on. Returns at
   * once.
   *
   * @return completes with the pid of the first process that is ready; cancelled when the child is
   *     stopped before
   */
  public synchronized CompletableFuture<Long> start(ChildSpec spec) {
    if (children.containsKey(spec.name())) {
      throw new IllegalStateException(
          "Child " + spec.name() + " is supervised already: stop it before it is started again");
    }
    Child child = new Child(spec, dataDir, launch, listener);
    children.put(spec.name(), child);
    child.begin();
    return child.firstReady();
  }

  /** The process that now runs under the name; empty while it is being restarted, or unknown. */
  public synchronized OptionalLong pid(String name) {
    Child child = children.get(name);
    return child == null ? OptionalLong.empty() : child.pid();
  }

  private synchronized boolean keeps(String name) {
    return children.containsKey(name);
  }

  /**
   * Stops children, all at the same time: TERM, then KILL after each one's own bound. Returns when
   * their processes are gone. Names that are not supervised are passed over.
   */
  public void stop(Collection<String> names) throws InterruptedException {
    List<Child> leaving = take(names);
    leaving.forEach(Child::askToStop);
    for (Child child : leaving) {
      child.awaitEnd();
    }
  }

  /**
   * KILLs the process under a name, whoever supervises it; one that is supervised is restarted.
   *
   * @return whether there was one
   */
  public boolean kill(String name) {
    return ChildProcess.Found.find(dataDir, name)
        .map(found -> found.handle().destroyForcibly())
        .orElse(false);
  }

  /** No longer restarts the child; its process, if any, lives on. */
  public void abandon(String name) throws InterruptedException {
    for (Child child : take(List.of(name))) {
      child.askToLeave();
      child.awaitEnd();
    }
  }

  private synchronized List<Child> take(Collection<String> names) {
    List<Child> taken = new ArrayList<>();
    for (String name : names) {
      Child child = children.remove(name);
      if (child != null) {
        taken.add(child);
      }
    }
    return taken;
  }

  private synchronized List<String> lastStartedFirst() {
    return List.copyOf(children.sequencedKeySet().reversed());
  }

  /** Stops every child, one after the other. */
  @Override
  public void close() {
    try {
      for (String name : lastStartedFirst()) {
        stop(List.of(name));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
