package dev.holdfast.worker.container;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.schemas.job.ContainerSpec.OnEngineLoss;
import dev.holdfast.worker.container.EngineException.Code;
import dev.holdfast.worker.process.ExitRecord;
import dev.holdfast.worker.process.Identity;
import dev.holdfast.worker.process.Launch;
import dev.holdfast.worker.process.ProcessIdentity;
import dev.holdfast.worker.process.Reading;
import dev.holdfast.worker.process.Stop;
import dev.holdfast.worker.run.Executor;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.run.Started;
import dev.holdfast.worker.run.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attempts in containers. Whether one lives is read from the process table, which needs no engine;
 * the engine is asked to start, to remove, and why something is gone.
 */
final class ContainerExecutor implements Executor {
  private static final Logger log = LoggerFactory.getLogger(ContainerExecutor.class);
  private static final long POLL_MS = 20;
  private static final long ENDS_WITHIN_MS = 15_000;

  private final Supplier<ContainerEngine> engine;
  private final Starting starting;

  ContainerExecutor(Supplier<ContainerEngine> engine, Starting starting) {
    this.engine = engine;
    this.starting = starting;
  }

  @Override
  public Started start(RunDirectory directory, Launch launch)
      throws IOException, InterruptedException {
    return starting.start(directory, launch);
  }

  @Override
  public boolean knows(Path directory) {
    return ContainerRecord.exists(directory);
  }

  @Override
  public View look(RunDirectory directory) throws IOException {
    return switch (ContainerRecord.read(directory.path())) {
      case Reading.Missing<ContainerRecord>() -> new View.NotLaunched();
      case Reading.Damaged<ContainerRecord>(String reason) ->
          new View.Unknowable("its container file is damaged: " + reason);
      case Reading.Whole<ContainerRecord>(ContainerRecord record) -> look(directory, record);
    };
  }

  private View look(RunDirectory directory, ContainerRecord record) throws IOException {
    boolean identified = Files.exists(directory.path().resolve(Identity.FILE));
    Optional<ProcessIdentity> living =
        record.init().isPresent()
            ? record.init().filter(ProcessIdentity::isAlive)
            : find(directory.path(), record, identified);
    if (living.isPresent()) {
      if (record.init().isEmpty()) {
        record.withInit(living.get()).write(directory.path());
      }
      return new View.Alive(living.get().pid());
    }
    if (!identified && record.init().isEmpty()) {
      return new View.NotLaunched();
    }
    return mayStartAgain(directory, record)
        ? new View.NotLaunched()
        : new View.Unknowable(evidence(directory.path(), record));
  }

  /** The worker was gone between the start of the container and the note of its process. */
  private Optional<ProcessIdentity> find(Path directory, ContainerRecord record, boolean identified)
      throws IOException {
    Optional<Identity> identity =
        Reading.of(directory.resolve(Identity.FILE), Identity::parse).whole();
    if (identity.isPresent()) {
      return InitProcess.startedAt(identity.get().shim().startTicks());
    }
    try {
      return engine
          .get()
          .inspect(record.name())
          .filter(ContainerEngine.Inspection::running)
          .flatMap(container -> ProcessIdentity.of(container.pid()));
    } catch (EngineException e) {
      throw new IOException(
          "cannot tell whether %s runs%s: %s"
              .formatted(record.name(), identified ? " (its identity is damaged)" : "", e),
          e);
    }
  }

  /** The start itself finds out whether the container fell with its engine. */
  private static boolean mayStartAgain(RunDirectory directory, ContainerRecord record) {
    var spec = directory.facts().assigned().spec().container();
    return spec != null
        && spec.onEngineLoss() == OnEngineLoss.RESTART
        && record.generation() <= Starting.MOST_RESTARTS
        && !Files.exists(directory.path().resolve(ExitRecord.FILE));
  }

  private String evidence(Path directory, ContainerRecord record) throws IOException {
    String process = record.init().map(init -> "its first process, pid " + init.pid()).orElse("it");
    return "container %s is gone without an exit record: %s has ended%s; %s"
        .formatted(
            record.name(),
            process,
            Answer.of(directory).map(said -> ", saying '" + said + "'").orElse(""),
            remains(record));
  }

  /** What the engine says of it, if it says anything. */
  private String remains(ContainerRecord record) {
    try {
      return engine.get().inspect(record.name()).map(Remains::describe).orElse(Remains.REMOVED);
    } catch (EngineException e) {
      return "the engine cannot be asked: " + e.getMessage();
    }
  }

  /**
   * A shim looks for a stop file as the last thing before it lets its command run: so once that is
   * there and no identity is, nothing will ever run here, whatever the engine may still start.
   */
  @Override
  public void endLeftovers(Path directory) throws IOException, InterruptedException {
    Optional<ContainerRecord> record = ContainerRecord.read(directory).whole();
    if (!Files.exists(directory.resolve(Identity.FILE))) {
      writeStop(directory);
    }
    Optional<Identity> identity =
        Reading.of(directory.resolve(Identity.FILE), Identity::parse).whole();
    Optional<ProcessIdentity> living =
        record.flatMap(ContainerRecord::init).filter(ProcessIdentity::isAlive);
    if (living.isEmpty() && identity.isPresent()) {
      living = InitProcess.startedAt(identity.get().shim().startTicks());
    }
    if (living.isPresent()) {
      end(directory, record.map(ContainerRecord::name), living.get());
    }
  }

  private static void writeStop(Path directory) throws IOException {
    AtomicFile.write(
        directory.resolve(Stop.FILE), new Stop(Stop.Reason.SUPERSEDED, Duration.ZERO).render());
  }

  /** By its shim, which needs no engine; by the engine if the shim does not follow. */
  private void end(Path directory, Optional<String> name, ProcessIdentity init)
      throws IOException, InterruptedException {
    writeStop(directory);
    if (goneWithin(init, ENDS_WITHIN_MS)) {
      return;
    }
    try {
      name.ifPresent(engine.get()::remove);
    } catch (EngineException e) {
      throw new IOException("the shim in " + directory + " does not follow its stop file: " + e, e);
    }
    if (!goneWithin(init, ENDS_WITHIN_MS)) {
      throw new IOException(
          "the container of " + directory + " could not be ended, pid " + init.pid());
    }
  }

  private static boolean goneWithin(ProcessIdentity init, long limitMs)
      throws InterruptedException {
    for (long waited = 0; init.isAlive(); waited += POLL_MS) {
      if (waited > limitMs) {
        return false;
      }
      Thread.sleep(POLL_MS);
    }
    return true;
  }

  @Override
  public void retire(Path directory) throws IOException {
    Optional<ContainerRecord> record = ContainerRecord.read(directory).whole();
    if (record.isEmpty()) {
      return;
    }
    try {
      engine.get().remove(record.get().name());
    } catch (EngineException e) {
      // Its directory goes all the same: then it belongs to nobody, and the sweep finds it.
      log.info("container {} is left to the sweep: {}", record.get().name(), e.getMessage());
      if (e.code() != Code.UNREACHABLE) {
        log.warn("the engine would not remove {}", record.get().name(), e);
      }
    }
  }
}
