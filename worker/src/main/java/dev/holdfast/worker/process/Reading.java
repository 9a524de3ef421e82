package dev.holdfast.worker.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * What came of reading a file. Missing and damaged are told apart, because they mean different
 * things: what is missing was never written, what is damaged was written and must be set aside.
 */
public sealed interface Reading<T> {

  /** The file is there, its checksum is right and its values make sense. */
  record Whole<T>(T value) implements Reading<T> {}

  /** There is no such file. */
  record Missing<T>() implements Reading<T> {}

  /** The file is there but cannot be believed; the reason names what is wrong with it. */
  record Damaged<T>(String reason) implements Reading<T> {}

  /** The value of a whole file, else nothing. */
  default Optional<T> whole() {
    return this instanceof Whole<T>(T value) ? Optional.of(value) : Optional.empty();
  }

  /** Applies a step that may find the value senseless, by {@link IllegalArgumentException}. */
  default <R> Reading<R> map(Function<T, R> step) {
    return switch (this) {
      case Whole<T>(T value) -> {
        try {
          yield new Whole<>(step.apply(value));
        } catch (IllegalArgumentException senseless) {
          yield new Damaged<>(String.valueOf(senseless.getMessage()));
        }
      }
      case Missing<T>() -> new Missing<>();
      case Damaged<T>(String reason) -> new Damaged<>(reason);
    };
  }

  /** Reads a file of a run directory, for instance {@code of(file, Beat::parse)}. */
  static <T> Reading<T> of(Path file, Function<byte[], Reading<T>> parse) throws IOException {
    try {
      return parse.apply(Files.readAllBytes(file));
    } catch (NoSuchFileException missing) {
      return new Missing<>();
    }
  }
}
