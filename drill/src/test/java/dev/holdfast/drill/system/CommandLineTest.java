package dev.holdfast.drill.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.system.RunningSystem.Running;
import dev.holdfast.standalone.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The command line, as processes of their own. */
@ExtendWith(RunningSystem.class)
class CommandLineTest {
  /** What a call printed and returned. */
  private record Said(int code, String out, String err) {}

  @TempDir private Path temporary;

  @Test
  void submitsAndWaitsAndShowsTheOutput(Running system) throws Exception {
    Said said = holdfast(system, "submit", "--wait", "--", "sh", "-c", "echo out; echo err >&2");

    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).isEqualTo("out\n");
    assertThat(said.err()).contains("err\n").contains("SUCCEEDED");
  }

  @Test
  void tellsByItsExitCodeThatTheJobFailed(Running system) throws Exception {
    assertThat(holdfast(system, "submit", "--wait", "--", "false").code()).isEqualTo(1);
  }

  @Test
  void listsShowsPrintsAndFetches(Running system) throws Exception {
    Said submitted =
        holdfast(
            system,
            "submit",
            "--repo",
            system.repository().toString(),
            "--ref",
            "main",
            "--key",
            "cli-test",
            "--priority",
            "7",
            "--",
            "sh",
            "-c",
            "echo hello; echo x > new.txt");
    String id = submitted.out().strip();
    assertThat(holdfast(system, "logs", "-f", id).out()).isEqualTo("hello\n");
    system.awaitEnd(id);

    assertThat(holdfast(system, "list").out()).contains("JOB").contains(id);
    assertThat(holdfast(system, "list", "--status", "SUCCEEDED").out()).contains(id);
    assertThat(holdfast(system, "show", id).out())
        .contains("SUCCEEDED", "submitted", "assigned", "taken", "ended");
    assertThat(holdfast(system, "logs", id).out()).isEqualTo("hello\n");
    assertThat(holdfast(system, "result", id, "--to", temporary.toString()).code()).isZero();
    assertThat(temporary.resolve("changes.diff")).content().contains("+x");
    assertThat(temporary.resolve("changes.bundle")).isNotEmptyFile();
    assertThat(holdfast(system, "workers").out()).contains("worker-1", "worker-2");
  }

  @Test
  void cancels(Running system) throws Exception {
    String id = holdfast(system, "submit", "--", "sleep", "600").out().strip();

    assertThat(holdfast(system, "cancel", id, "--reason", "test").code()).isZero();

    assertThat(system.awaitEnd(id).path("state").asText()).isEqualTo("CANCELLED");
  }

  @Test
  void explainsWhatIsWrong(Running system) throws Exception {
    assertThat(holdfast(system, "show", "no-such-job").code()).isEqualTo(3);
    assertThat(holdfast(system, "submit").code()).isEqualTo(2);
    Said refused = holdfast(system, "submit", "--priority", "12", "--", "true");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).contains("priority");
    Said nobody = call(List.of("list", "--url", "http://127.0.0.1:1"));
    assertThat(nobody.code()).isEqualTo(4);
    assertThat(nobody.err()).contains("holdfast up");
  }

  private Said holdfast(Running system, String... args) throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of(args));
    all.addAll(1, List.of("--url", system.plan().url().toString()));
    return call(all);
  }

  private Said call(List<String> args) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    command.addAll(args);
    Path errors = temporary.resolve("err-" + System.nanoTime());
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Said(process.waitFor(), out, Files.readString(errors));
  }
}
