package dev.holdfast.coordinator.cell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/state-machine.md says what the code does. */
class StateMachineDocTest {
  private static final String REGENERATE =
      "mvn -q -B -pl coordinator -am test -Dtest=StateMachineDocTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dholdfast.regenerate=true";

  /** Surefire runs in the module's directory. */
  private static final Path DOC = Path.of("..", "docs", "state-machine.md");

  @Test
  void isWhatTheMachineDoes() throws IOException {
    String generated = StateMachineDoc.text(REGENERATE);
    if (Boolean.getBoolean("holdfast.regenerate")) {
      Files.createDirectories(DOC.getParent());
      Files.writeString(DOC, generated, UTF_8);
    }

    assertThat(DOC)
        .as("docs/state-machine.md is out of date; regenerate it with:\n  %s\n", REGENERATE)
        .exists()
        .hasContent(generated);
  }
}
