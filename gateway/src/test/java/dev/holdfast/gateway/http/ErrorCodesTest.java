package dev.holdfast.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ErrorCodesTest {
  @Test
  void everyCodeIsExplained() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "errors.md"));

    assertThat(Stream.of(ProblemCode.values()))
        .allSatisfy(
            code -> assertThat(page).contains("| `" + code.code() + "` | " + code.status() + " |"));
  }
}
