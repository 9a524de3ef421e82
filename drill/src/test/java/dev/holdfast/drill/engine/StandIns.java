package dev.holdfast.drill.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * The images that ours begin with, made from what is on this machine: eclipse-temurin:25-jre of the
 * JDK that runs this test, apache/kafka of the libraries of this build.
 */
public final class StandIns {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private StandIns() {}

  static void build(PrivateEngine engine) throws IOException {
    Path script = Files.createTempFile("holdfast-stand-ins", ".sh");
    try (var source = StandIns.class.getResourceAsStream("stand-ins.sh")) {
      Files.write(script, Objects.requireNonNull(source).readAllBytes());
      engine
          .shell(checkout(), Map.of())
          .run(
              PATIENCE,
              "bash",
              script.toString(),
              System.getProperty("java.home"),
              libraries().toString());
    } finally {
      Files.delete(script);
    }
  }

  /** What the Dockerfile copies. */
  static Path libraries() {
    return checkout().resolve("standalone/target/app/lib");
  }

  /** The top of this repository. */
  public static Path checkout() {
    for (Path here = Path.of("").toAbsolutePath(); here != null; here = here.getParent()) {
      if (Files.exists(here.resolve("docker-compose.yml"))) {
        return here;
      }
    }
    throw new IllegalStateException(
        "docker-compose.yml is not above " + Path.of("").toAbsolutePath());
  }
}
