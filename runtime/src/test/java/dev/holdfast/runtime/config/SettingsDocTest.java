package dev.holdfast.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * docs/operations.md tells every setting as the code has it. To write the table anew: {@code mvn -q
 * -pl runtime -am test -Dtest=SettingsDocTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dholdfast.regenerate=true}.
 */
class SettingsDocTest {
  private static final String BEGIN = "<!-- settings -->\n";
  private static final String END = "<!-- end of settings -->\n";

  @Test
  void everySettingIsInTheDocument() throws IOException {
    Path document = document();
    String text = Files.readString(document);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    if (Boolean.getBoolean("holdfast.regenerate")) {
      Files.writeString(document, text.substring(0, begin) + table() + text.substring(end));
      return;
    }

    assertThat(text.substring(begin, end))
        .as("run this test with -Dholdfast.regenerate=true to write the table of %s", document)
        .isEqualTo(table());
  }

  private static String table() {
    return Arrays.stream(Setting.values())
        .map(setting ->
            "| `%s` | %s | %s |\n"
                .formatted(
                    setting.key(),
                    setting.otherwise().isEmpty() ? "" : "`" + setting.otherwise() + "`",
                    setting.explanation()))
        .collect(
            Collectors.joining("", "\n| Variable | Default | Meaning |\n|---|---|---|\n", "\n"));
  }

  private static Path document() throws IOException {
    for (Path here = Path.of("").toAbsolutePath(); here != null; here = here.getParent()) {
      Path document = here.resolve("docs/operations.md");
      if (Files.exists(document)) {
        return document;
      }
    }
    throw new IOException("docs/operations.md is not above " + Path.of("").toAbsolutePath());
  }
}
