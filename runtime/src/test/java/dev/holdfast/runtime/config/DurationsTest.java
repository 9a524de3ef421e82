package dev.holdfast.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s,   PT30S",
    "0s,    PT0S",
    "2m,    PT2M",
    "1h,    PT1H",
    "1d,    PT24H",
    "PT30S, PT30S",
    "P1DT2H, PT26H"
  })
  void readsWhatPeopleWrite(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "30",
        "s",
        "30 s",
        "-30s",
        "1.5s",
        "30S",
        "1w",
        "soon",
        "PT",
        "-PT5S",
        "PT-5S",
        "9223372036854775807d",
        "99999999999999999999s"
      })
  void refusesTheRestWithAnExample(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessageContaining("must be a duration such as 500ms")
        .withMessageContaining("'" + text + "'");
  }
}
