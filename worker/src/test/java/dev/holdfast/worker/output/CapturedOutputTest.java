package dev.holdfast.worker.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.OutputTotals.StreamTotal;
import dev.holdfast.schemas.attempt.Token;
import org.junit.jupiter.api.Test;

class CapturedOutputTest {
  private static final Token TOKEN = new Token(1);

  @Test
  void isEmptyUntilSomethingIsWritten() {
    var output = new CapturedOutput(10);

    assertThat(output.chunks(TOKEN, OutputStreamName.STDOUT)).isEmpty();
    assertThat(output.total()).isEqualTo(StreamTotal.EMPTY);
  }

  @Test
  void keepsTheFirstPartAndCountsTheRest() throws Exception {
    var output = new CapturedOutput(4);

    output.write("abc".getBytes(UTF_8));
    output.write("def".getBytes(UTF_8));
    output.write('g');

    assertThat(output.chunks(TOKEN, OutputStreamName.STDERR))
        .containsExactly(
            new OutputChunk.Bytes(TOKEN, OutputStreamName.STDERR, 0, "abcd".getBytes(UTF_8)),
            new OutputChunk.Cut(TOKEN, OutputStreamName.STDERR, 4, 7));
    assertThat(output.total())
        .isEqualTo(
            new StreamTotal(
                7, "7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a", 4L, 7L));
  }
}
