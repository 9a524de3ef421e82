package dev.holdfast.worker.run;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.runtime.file.Reserved;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.worker.output.Published;
import dev.holdfast.worker.process.Stop;
import dev.holdfast.worker.secret.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The files of one attempt that the worker itself reads and writes. */
public final class RunDirectory {
  static final String FACTS = "run.json";
  private static final String CONCLUSION = "result.json";

  /** Holds any conclusion but one with more than a hundred notes. */
  private static final int CONCLUSION_BYTES = 16 * 1024;

  private static final int STOP_BYTES = 256;
  private static final String PUBLISHED = "published";
  private static final String GIVEN = "secrets.json";
  private static final SealedJson<Given> SECRETS = new SealedJson<>(Given.class);
  private static final SealedJson<WorkerReport> CONCLUSIONS = new SealedJson<>(WorkerReport.class);
  private static final SealedJson<Published> POSITIONS = new SealedJson<>(Published.class);
  static final SealedJson<RunFacts> RUN_FACTS = new SealedJson<>(RunFacts.class);

  private final Path path;
  private final RunFacts facts;

  RunDirectory(Path path, RunFacts facts) {
    this.path = path;
    this.facts = facts;
  }

  /**
   * Sets room aside for what must be written even if the job fills the disk: that it is to stop,
   * and what is to be reported of it. The shim does the same for its exit record.
   */
  static void setRoomAside(Path directory) throws IOException {
    Reserved.room(directory.resolve(Stop.FILE), STOP_BYTES);
    Reserved.room(directory.resolve(CONCLUSION), CONCLUSION_BYTES);
  }

  public Path path() {
    return path;
  }

  public RunFacts facts() {
    return facts;
  }

  public HeldAttempt attempt() {
    return facts.attempt();
  }

  /** The job's working directory; a clone, or empty at first. */
  public Path work() {
    return path.resolve("work");
  }

  /** Where result files are gathered. */
  public Path results() {
    return path.resolve("results");
  }

  /** How far the output is known to be safe; from the start if that is not known. */
  public Published published() {
    try {
      return POSITIONS.open(Files.readAllBytes(path.resolve(PUBLISHED)));
    } catch (IOException | InvalidField e) {
      // Publishing again what was published costs bytes, nothing else: readers drop what they have.
      return Published.NOTHING;
    }
  }

  /** Not forced to disk: see {@link #published}. */
  public void keep(Published published) throws IOException {
    AtomicFile.replace(path.resolve(PUBLISHED), POSITIONS.seal(published));
  }

  /** Writes down which secrets the attempt is given; durable before the job starts. */
  public void give(Given given) throws IOException {
    AtomicFile.write(path.resolve(GIVEN), SECRETS.seal(given));
  }

  /**
   * Which secrets the attempt was given; empty before it was.
   *
   * @throws InvalidField if that is damaged
   */
  public Optional<Given> given() throws IOException {
    Path file = path.resolve(GIVEN);
    return Files.exists(file)
        ? Optional.of(SECRETS.open(Files.readAllBytes(file)))
        : Optional.empty();
  }

  /** Whether it is written down what is to be reported. */
  public boolean concluded() {
    return Files.exists(path.resolve(CONCLUSION));
  }

  /** Writes down, for good, what is to be reported of the attempt. */
  public void conclude(WorkerReport.OfAttempt report) throws IOException {
    Reserved.write(path.resolve(CONCLUSION), CONCLUSIONS.seal(report));
  }

  /** What is to be reported; empty if nothing is written down, or what is there is damaged. */
  public Optional<WorkerReport.OfAttempt> conclusion() throws IOException {
    Path file = path.resolve(CONCLUSION);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      WorkerReport report = CONCLUSIONS.open(Files.readAllBytes(file));
      return report instanceof WorkerReport.OfAttempt of ? Optional.of(of) : Optional.empty();
    } catch (InvalidField e) {
      setAside(CONCLUSION);
      return Optional.empty();
    }
  }

  /** Keeps a damaged file under another name, so that it is neither believed nor lost. */
  public void setAside(String name) throws IOException {
    Path file = path.resolve(name);
    if (Files.exists(file)) {
      Files.move(file, path.resolve(name + ".damaged." + System.nanoTime()));
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
