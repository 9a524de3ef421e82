package dev.holdfast.worker.run;

import static java.util.Objects.requireNonNull;

import dev.holdfast.runtime.file.Tree;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.attempt.HeldAttempt;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All run directories of a worker. Names that start with a dot are not jobs': those start with a
 * letter or a digit.
 */
public final class RunDirectories {
  private static final Logger log = LoggerFactory.getLogger(RunDirectories.class);

  private static final int REVEAL_TRIES = 5;

  private final Path root;
  private final Path fresh;
  private final Path damaged;
  private final Path trash;
  private final AtomicLong unique = new AtomicLong(System.currentTimeMillis());

  private RunDirectories(Path root) {
    this.root = root;
    this.fresh = root.resolve(".new");
    this.damaged = root.resolve(".damaged");
    this.trash = root.resolve(".trash");
  }

  /** Opens, or makes, the directory of run directories. */
  public static RunDirectories open(Path root) throws IOException {
    var directories = new RunDirectories(root);
    Files.createDirectories(root);
    // What jobs are given and print is not for the other users of the machine.
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(directories.fresh);
    Files.createDirectories(directories.damaged);
    Files.createDirectories(directories.trash);
    return directories;
  }

  /** What was found on the disk at start. */
  public record Found(List<RunDirectory> whole, List<Path> damaged) {}

  /**
   * Looks at every run directory. One that cannot be understood is moved to {@code .damaged}, with
   * all that is in it: its attempt is missing from what the worker says it holds, and so settled.
   */
  public Found lookAtAll() throws IOException {
    var whole = new ArrayList<RunDirectory>();
    var broken = new ArrayList<Path>();
    for (Path job : visible(root)) {
      for (Path attempt : visible(job)) {
        try {
          whole.add(read(attempt));
        } catch (IOException | InvalidField e) {
          Path aside = damaged.resolve(uniqueName(attempt));
          Files.move(attempt, aside, StandardCopyOption.ATOMIC_MOVE);
          broken.add(aside);
          log.error(
              "run directory {} cannot be understood and is now {}: {}",
              attempt,
              aside,
              e.toString());
        }
      }
      Tree.deleteIfEmpty(job);
    }
    return new Found(List.copyOf(whole), List.copyOf(broken));
  }

  /**
   * All run directories as they are now; none is touched.
   *
   * @throws IOException if one cannot be understood
   */
  public List<RunDirectory> peek() throws IOException {
    var all = new ArrayList<RunDirectory>();
    for (Path job : visible(root)) {
      for (Path attempt : visible(job).stream().filter(Files::isDirectory).toList()) {
        try {
          all.add(read(attempt));
        } catch (InvalidField e) {
          throw new IOException("run directory " + attempt + " cannot be understood", e);
        } catch (NoSuchFileException e) {
          if (Files.exists(attempt)) {
            throw e;
          }
        }
      }
    }
    return all;
  }

  public Path root() {
    return root;
  }

  /** Run directories that are being made; incomplete, so without meaning. */
  public Path fresh() {
    return fresh;
  }

  /** Run directories that could not be understood. */
  public Path damaged() {
    return damaged;
  }

  /** Run directories that are being deleted. */
  public Path trash() {
    return trash;
  }

  /** Prepares the content of a run directory before anybody can see it. */
  public interface Furnishing {
    void into(Path directory) throws IOException;
  }

  /**
   * Makes a run directory: complete, forced to disk, and never a second time.
   *
   * @throws FileAlreadyExistsException if this attempt has one already
   */
  public RunDirectory create(RunFacts facts, Furnishing furnishing) throws IOException {
    HeldAttempt attempt = facts.attempt();
    Path job = root.resolve(attempt.job().value());
    Path place = job.resolve(attempt.token().toString());
    if (Files.exists(place)) {
      throw new FileAlreadyExistsException(place.toString());
    }
    Path unseen = Files.createDirectory(fresh.resolve(uniqueName(place)));
    try {
      Files.write(unseen.resolve(RunDirectory.FACTS), RunDirectory.RUN_FACTS.seal(facts));
      Tree.force(unseen.resolve(RunDirectory.FACTS));
      RunDirectory.setRoomAside(unseen);
      furnishing.into(unseen);
      Tree.force(unseen);
      reveal(unseen, place);
      Tree.force(job);
      Tree.force(root);
      return new RunDirectory(place, facts);
    } catch (IOException e) {
      // Its attempt is handed back: nothing of it may be found here later.
      Tree.delete(unseen);
      Tree.delete(place);
      throw e;
    }
  }

  /** An older attempt of the job may just take the job's empty directory away. */
  private static void reveal(Path unseen, Path place) throws IOException {
    for (int tried = 1; ; tried++) {
      Files.createDirectories(place.getParent());
      try {
        Files.move(unseen, place, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (NoSuchFileException e) {
        if (tried == REVEAL_TRIES) {
          throw e;
        }
      }
    }
  }

  /**
   * Takes a run directory out of sight at once; whoever gets the returned value deletes it, or a
   * sweep.
   *
   * @return where it is now
   */
  public Path retire(RunDirectory directory) throws IOException {
    Path place = directory.path();
    Path gone = trash.resolve(uniqueName(place));
    Files.move(place, gone, StandardCopyOption.ATOMIC_MOVE);
    Path job = jobOf(place);
    Tree.force(job);
    Tree.deleteIfEmpty(job);
    return gone;
  }

  private static RunDirectory read(Path attempt) throws IOException {
    byte[] bytes = Files.readAllBytes(attempt.resolve(RunDirectory.FACTS));
    RunFacts facts = RunDirectory.RUN_FACTS.open(bytes);
    String place = jobOf(attempt).getFileName() + "/" + attempt.getFileName();
    String named = facts.attempt().job() + "/" + facts.attempt().token();
    if (!place.equals(named)) {
      throw new InvalidField("assigned", "is of attempt " + named + ", found in " + place);
    }
    return new RunDirectory(attempt, facts);
  }

  private static Path jobOf(Path attempt) {
    return requireNonNull(attempt.getParent());
  }

  private String uniqueName(Path attempt) {
    return jobOf(attempt).getFileName()
        + "."
        + attempt.getFileName()
        + "."
        + unique.incrementAndGet();
  }

  private static List<Path> visible(Path directory) throws IOException {
    return entries(directory).stream()
        .filter(entry -> !entry.getFileName().toString().startsWith("."))
        .toList();
  }

  private static List<Path> entries(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }
}
