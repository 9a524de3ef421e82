package dev.holdfast.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8080, 127.0.0.1, 8080, 127.0.0.1:8080",
    "localhost:0,    localhost, 0,    localhost:0",
    ":8080,          127.0.0.1, 8080, 127.0.0.1:8080",
    "[::1]:65535,    ::1,       65535, [::1]:65535",
    "::1:80,         ::1,       80,   [::1]:80"
  })
  void readsHostAndPort(String text, String host, int port, String written) {
    Address address = Address.parse(text);

    assertThat(address).isEqualTo(new Address(host, port)).hasToString(written);
    assertThat(Address.parse(address.toString())).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "8080", "localhost:", "localhost:http", "h:-1", "h:65536"})
  void refusesTheRest(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Address.parse(text))
        .withMessageContaining("must be");
  }
}
