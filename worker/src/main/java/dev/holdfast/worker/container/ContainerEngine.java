package dev.holdfast.worker.container;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What runs containers on this machine. Every call may be repeated; each throws {@link
 * EngineException}, at the latest when its deadline passes.
 */
public interface ContainerEngine extends AutoCloseable {

  /** An image that the engine has; empty if it does not. */
  Optional<Image> image(String reference);

  /**
   * Takes an image's name away, and the image itself with its last name; one that a container uses
   * stays, whether it runs or not.
   *
   * @return whether the engine has it no more by that name
   */
  boolean removeImage(String reference);

  /** Where the engine keeps images, as it sees it. */
  Path root();

  /**
   * Fetches an image from its registry.
   *
   * @param stall longest time without any progress
   * @param progress told about it, now and then
   * @param givenUp asked now and then
   */
  void pull(
      String reference,
      Optional<RegistryLogin> login,
      Duration stall,
      Consumer<String> progress,
      BooleanSupplier givenUp);

  /**
   * Makes a container, or finds the one of this name.
   *
   * @return its id
   */
  String create(ContainerPlan plan);

  /** Starts it; does nothing if it was started before. */
  void start(String id);

  /** What the engine knows of a container; empty if there is none. */
  Optional<Inspection> inspect(String idOrName);

  /** A regular file of a container, running or not; empty if there is none. */
  Optional<byte[]> file(String id, String path);

  /** Ids of all containers with these labels, running or not. */
  List<Listed> list(Map<String, String> labels);

  /**
   * Ends and removes a container.
   *
   * @return whether there was one
   */
  boolean remove(String idOrName);

  @Override
  void close();

  /**
   * An image.
   *
   * @param user whom it names to run as; may be empty
   */
  record Image(String id, String user, List<String> env) {}

  /** A container and its labels. */
  record Listed(String id, String name, Map<String, String> labels) {}

  /**
   * A container.
   *
   * @param status created, running, exited, ...
   * @param pid of its first process in the engine's pid namespace; 0 if it does not run
   * @param error of the last start; may be empty
   */
  record Inspection(
      String id,
      Map<String, String> labels,
      String status,
      long pid,
      long exitCode,
      boolean oomKilled,
      String error) {

    boolean running() {
      return pid > 0;
    }

    boolean created() {
      return status.equals("created");
    }
  }
}
