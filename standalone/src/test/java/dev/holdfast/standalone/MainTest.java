package dev.holdfast.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.worker.run.WorkerHome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine holdfast =
      Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  static Stream<String> commands() {
    return Main.commandLine().getSubcommands().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandExplainsItself(String command) {
    assertThat(holdfast.execute(command, "--help")).isZero();

    assertThat(out.toString()).startsWith("Usage: holdfast " + command).contains("--help");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void namesEveryCommandAndExitCode() {
    assertThat(holdfast.execute("--help")).isZero();

    assertThat(out.toString())
        .contains(Main.commandLine().getSubcommands().keySet())
        .contains("Exit codes:");
  }

  @Test
  void tellsByItsExitCodeThatAnotherWorkerUsesTheDirectory(@TempDir Path dir) throws Exception {
    try (WorkerHome other = WorkerHome.open(dir, Optional.of("w"))) {
      int code = holdfast.execute("worker", "--data", other.directory().toString());

      assertThat(err.toString()).startsWith("holdfast: another worker uses " + dir);
      assertThat(code).isEqualTo(5);
    }
  }
}
