package dev.holdfast.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.OnLostLease;
import dev.holdfast.schemas.job.SecretUse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class SubmitOptionsTest {
  @TempDir private Path directory;

  @Command
  private static final class Holder {
    @Mixin private final SubmitOptions options = new SubmitOptions();
  }

  private static JsonNode body(String... args) {
    var holder = new Holder();
    new CommandLine(holder).parseArgs(args);
    ObjectNode body = Api.JSON.createObjectNode();
    body.putArray("command").add("true");
    holder.options.into(body);
    return body;
  }

  /** What the options say is what the schemas understand. */
  private static JobSpec spec(String... args) {
    return Serdes.SPEC.read(body(args).toString().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void givesFilesByContentWhateverIsInThem() throws Exception {
    Path prompt = Files.writeString(directory.resolve("p"), "$(x) `y` \"z\"\n'é'");

    JobSpec spec = spec("--file", "prompt.md=" + prompt, "--file", "again=" + prompt);

    assertThat(spec.files())
        .containsEntry("prompt.md", "$(x) `y` \"z\"\n'é'")
        .containsEntry("again", "$(x) `y` \"z\"\n'é'");
  }

  @Test
  void givesAllTheRest() {
    JobSpec spec =
        spec(
            "--secret=api-key=API_KEY",
            "--secret=cert",
            "--agent-files=claude",
            "--checkpoint",
            "--timeout=1h",
            "--idle-timeout=5m",
            "--prepare-timeout=90s",
            "--finisher=RESULT",
            "--on-lost-lease=end",
            "--cpus=1.5",
            "--memory=512m",
            "--pids=100",
            "--image=alpine",
            "--network=none");

    assertThat(spec.secrets())
        .containsExactly(new SecretUse("api-key", "API_KEY"), new SecretUse("cert", null));
    assertThat(spec.agentFiles()).isEqualTo("claude");
    assertThat(spec.checkpoint()).isNotNull();
    assertThat(spec.timeouts().run()).isEqualTo(Duration.ofHours(1));
    assertThat(spec.timeouts().idleOutput()).isEqualTo(Duration.ofMinutes(5));
    assertThat(spec.timeouts().prepare()).isEqualTo(Duration.ofSeconds(90));
    assertThat(spec.finisher().marker()).isEqualTo("RESULT");
    assertThat(spec.onLostLease()).isEqualTo(OnLostLease.END);
    assertThat(spec.limits().cpus()).isEqualTo(1.5);
    assertThat(spec.limits().memoryBytes()).isEqualTo(512L << 20);
    assertThat(spec.limits().pids()).isEqualTo(100);
    assertThat(spec.container().image()).isEqualTo("alpine");
    assertThat(spec.container().network()).isEqualTo("none");
  }

  @Test
  void saysNothingOfWhatWasNotGiven() {
    assertThat(body().properties()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"1024,1024", "64k,65536", "2G,2147483648", "1gb,1073741824"})
  void readsSizes(String text, long bytes) {
    assertThat(SubmitOptions.bytes("--memory", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m", "many", "1.5g", "99999999999t"})
  void refusesWhatIsNoSize(String text) {
    assertThatThrownBy(() -> SubmitOptions.bytes("--memory", text))
        .hasMessageContaining("--memory");
  }

  @Test
  void saysWhichFileCannotBeUsed() throws Exception {
    Path binary = Files.write(directory.resolve("b"), new byte[] {(byte) 0xff, 0});

    assertThatThrownBy(() -> body("--file", "b=" + binary)).hasMessageContaining("not UTF-8");
    assertThatThrownBy(() -> body("--file", "b=" + directory.resolve("none")))
        .hasMessageContaining("--file b");
  }

  @Test
  void wantsAnImageForANetwork() {
    assertThatThrownBy(() -> body("--network=none")).hasMessageContaining("--image");
  }
}
