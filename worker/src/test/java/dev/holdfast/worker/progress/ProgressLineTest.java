package dev.holdfast.worker.progress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.worker.redact.Mask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          40                                     | 40  |
          40%                                    | 40  |
          40 % done                              | 40  | done
          40 some text                           | 40  | some text
          40% some text                          | 40  | some text
          99.9 nearly                            | 99  | nearly
          404 errors so far                      |     | 404 errors so far
          40abc                                  |     | 40abc
          just text                              |     | just text
          {"percent": 40, "text": "some text"}   | 40  | some text
          {"percent": 140.7}                     | 100 |
          {"percent": "x", "text": "t"}          |     | t
          {broken                                |     | {broken
          """)
  void understands(String line, Integer percent, String text) {
    assertThat(ProgressLine.parse((line + "\nmore\n").getBytes(UTF_8)))
        .contains(new Progress(percent, text == null ? "" : text));
  }

  @Test
  void showsNothingForNothingAndCutsWhatIsTooLong() {
    assertThat(ProgressLine.parse("\n \n".getBytes(UTF_8))).isEmpty();
    assertThat(ProgressLine.parse(("é\t" + "x".repeat(500)).getBytes(UTF_8)).orElseThrow().text())
        .startsWith("é x")
        .hasSize(200);
    assertThat(ProgressLine.parse(("x" + "\ud83d\ude00".repeat(300)).getBytes(UTF_8)))
        .hasValueSatisfying(progress -> assertThat(progress.text()).hasSize(199));
  }

  @Test
  void readsOnlyAPlainFile() throws Exception {
    Path file = directory.resolve("progress");
    var progress = new ProgressFile(file);
    assertThat(progress.read(Mask.NONE)).isEmpty();
    Files.createSymbolicLink(file, Files.writeString(directory.resolve("elsewhere"), "10 x"));
    assertThat(progress.read(Mask.NONE)).isEmpty();
    Files.delete(file);
    new ProcessBuilder("mkfifo", file.toString()).start().waitFor();
    assertThat(progress.read(Mask.NONE)).isEmpty();
    Files.delete(file);

    Files.writeString(file, "10 with hunter22");

    assertThat(progress.read(Mask.of(List.of("hunter22".getBytes(UTF_8)))))
        .contains(new Progress(10, "with ********"));
    Files.delete(file);
    assertThat(progress.read(Mask.NONE)).as("the last word stays").isPresent();
  }

  @Test
  void keepsTheLastWordWhileTheFileIsReplaced() throws IOException {
    Path file = Files.writeString(directory.resolve("progress"), "10");
    var progress = new ProgressFile(file);
    assertThat(progress.read(Mask.NONE)).contains(new Progress(10, ""));

    Files.writeString(directory.resolve("progress.new"), "20");
    Files.move(
        directory.resolve("progress.new"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertThat(progress.read(Mask.NONE)).contains(new Progress(20, ""));
  }
}
