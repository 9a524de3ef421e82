package dev.holdfast.worker.container;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the engine is. It must be on this machine, because run directories are mounted into its
 * containers: so it has a socket file.
 *
 * @param socket empty if there is to be none
 */
public record EngineAddress(Optional<Path> socket) {
  public static final EngineAddress OFF = new EngineAddress(Optional.empty());

  private static final String UNIX = "unix://";
  private static final Path STANDARD = Path.of("/var/run/docker.sock");

  /**
   * Understands {@code auto}, {@code off} and {@code unix:///path}.
   *
   * @param environment whose DOCKER_HOST counts for {@code auto}
   * @throws IllegalArgumentException if it is something else
   */
  public static EngineAddress parse(String text, Map<String, String> environment) {
    if (text.equals("off")) {
      return OFF;
    }
    if (text.equals("auto")) {
      String host = environment.getOrDefault("DOCKER_HOST", "");
      return at(isSocket(host) ? Path.of(host.substring(UNIX.length())) : STANDARD);
    }
    if (isSocket(text)) {
      return at(Path.of(text.substring(UNIX.length())));
    }
    throw new IllegalArgumentException(
        "must be auto, off or unix:///path/of/docker.sock (an engine on this machine), not "
            + text);
  }

  public static EngineAddress at(Path socket) {
    return new EngineAddress(Optional.of(socket));
  }

  private static boolean isSocket(String text) {
    return text.startsWith(UNIX + "/");
  }
}
