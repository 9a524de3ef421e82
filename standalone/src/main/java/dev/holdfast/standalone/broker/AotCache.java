package dev.holdfast.standalone.broker;

import dev.holdfast.runtime.file.AtomicFile;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache of loaded classes (JEP 483, 515) that starts a JVM of this class path faster. Only ever a
 * speed-up: without one, or with one that the JVM refuses, a process starts the slow way.
 */
public final class AotCache {

  private static final Logger LOG = LoggerFactory.getLogger(AotCache.class);

  private static final Duration TRAIN_WITHIN = Duration.ofMinutes(5);
  private static final String SUFFIX = ".aot";

  private final Path directory;
  private final String name;
  private final String classPath;
  private final Optional<String> key;

  /**
   * For the class path and JDK of this JVM. Impossible, and then without effect, unless all are
   * jars.
   */
  public static AotCache in(Path directory, String name) {
    return new AotCache(directory, name, System.getProperty("java.class.path"));
  }

  AotCache(Path directory, String name, String classPath) {
    this.directory = directory.toAbsolutePath();
    this.name = name;
    this.classPath = classPath;
    this.key = keyOrNone(classPath);
  }

  private static Optional<String> keyOrNone(String classPath) {
    try {
      return ClassPathKey.of(
          classPath, System.getProperty("java.home") + " " + Runtime.version().toString());
    } catch (IOException e) {
      LOG.warn("No start-up cache, because the class path cannot be read: {}", e.toString());
      return Optional.empty();
    }
  }

  /**
   * Flags that use the cache once it is there: also for a process that is started again later. The
   * log is off because the JVM would report a missing cache, and each use of one, on standard
   * output.
   */
  public List<String> jvmFlags() {
    return file().map(file -> List.of("-XX:AOTCache=" + file, "-Xlog:aot*=off")).orElse(List.of());
  }

  /**
   * Builds the cache if it is missing, at the lowest priority, from a run of the main class that
   * must end by itself. Deletes caches of other class paths. Failure is logged and otherwise
   * without effect.
   *
   * @param jvmFlags those of the processes that are to use the cache, the collector above all
   */
  public void trainInBackground(List<String> jvmFlags, String mainClass, List<String> args) {
    Optional<Path> file = file();
    if (file.isPresent() && !Files.exists(file.get())) {
      Thread.ofVirtual()
          .name("aot-" + name)
          .start(() -> trainOrWarn(file.get(), jvmFlags, mainClass, args));
    }
  }

  /** Whether this class path can have a cache at all. */
  public boolean possible() {
    return key.isPresent();
  }

  /** Whether it is there. */
  public boolean present() {
    return file().filter(Files::exists).isPresent();
  }

  private Optional<Path> file() {
    return key.map(hash -> directory.resolve(name + "-" + hash + SUFFIX));
  }

  private void trainOrWarn(Path file, List<String> jvmFlags, String mainClass, List<String> args) {
    try {
      train(file, jvmFlags, mainClass, args);
      LOG.info("Built start-up cache {}", file);
    } catch (IOException e) {
      LOG.warn("No start-up cache: {}", e.toString());
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nothing interrupts the training of " + file, e);
    }
  }

  private void train(Path file, List<String> jvmFlags, String mainClass, List<String> args)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    deleteAllButLogs();
    Path unfinished = directory.resolve(name + "-unfinished" + SUFFIX);
    List<String> command = new ArrayList<>(lowestPriority());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.addAll(List.of("-XX:AOTCacheOutput=" + unfinished, "-cp", classPath, mainClass));
    command.addAll(args);
    Path log = directory.resolve(name + "-training.log");
    Process training =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(training::destroyForcibly));
    if (!training.waitFor(TRAIN_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
      training.descendants().forEach(ProcessHandle::destroyForcibly);
      training.destroyForcibly();
      throw new IOException("training did not end within " + TRAIN_WITHIN + ", see " + log);
    }
    if (training.exitValue() != 0 || !Files.exists(unfinished)) {
      throw new IOException("training ended with " + training.exitValue() + ", see " + log);
    }
    publish(unfinished, file);
  }

  /** The JVM does not check what it maps, so a cache torn by a power loss must not get the name. */
  private void publish(Path unfinished, Path file) throws IOException {
    try (FileChannel content = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      content.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.syncDirectory(directory);
  }

  private void deleteAllButLogs() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String fileName = file.getFileName().toString();
        if (fileName.startsWith(name + "-") && fileName.contains(SUFFIX)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static List<String> lowestPriority() {
    Path nice = Path.of("/usr/bin/nice");
    return Files.isExecutable(nice) ? List.of(nice.toString(), "-n", "19") : List.of();
  }
}
