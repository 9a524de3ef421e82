package dev.holdfast.drill.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.engine.PrivateEngine;
import dev.holdfast.drill.engine.SharedEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tests of this package once more, with the broker in a container. */
@ExtendWith(SharedEngine.class)
class ContainerBrokerTest {
  @Test
  void theSameTestsPassWithTheBrokerInAContainer(PrivateEngine engine) {
    String output =
        engine
            .shell(
                Path.of("").toAbsolutePath(),
                Map.of(
                    "TESTCONTAINERS_RYUK_DISABLED",
                    "true",
                    "TESTCONTAINERS_HOST_OVERRIDE",
                    engine.host()))
            .run(
                Duration.ofMinutes(5),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-D" + TestBroker.CHOICE + "=container",
                "-cp",
                System.getProperty("java.class.path"),
                TestRun.class.getName(),
                CellTopicsTest.class.getName(),
                ResultFilesTest.class.getName(),
                ServicesTest.class.getName());

    assertThat(output).containsPattern("found (\\d+), passed \\1\n$").doesNotContain("found 0,");
    assertThat(engine.docker("ps", "--all", "--quiet", "--filter", "ancestor=apache/kafka:4.3.1"))
        .isEmpty();
  }
}
