package dev.holdfast.coordinator.cell;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** A text file beside the tests of this package. */
final class Fixture {
  private Fixture() {}

  static List<String> lines(String name) {
    try (InputStream file = Objects.requireNonNull(Fixture.class.getResourceAsStream(name), name)) {
      return new String(file.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
