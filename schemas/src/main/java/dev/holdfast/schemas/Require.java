package dev.holdfast.schemas;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The checks that compact constructors share; each failure is an {@link InvalidField}. */
public final class Require {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private Require() {}

  /** Present. Records hold non-null parts, but JSON can leave any of them out. */
  public static <T> T present(String field, @Nullable T value) {
    if (value == null) {
      throw new InvalidField(field, "is required");
    }
    return value;
  }

  /** Safe as a Kafka key, a file name and a part of a URL. */
  public static String id(String field, @Nullable String value) {
    String id = present(field, value);
    if (!ID.matcher(id).matches()) {
      throw new InvalidField(
          field,
          "must be 1 to 100 letters, digits, '.', '_' or '-', and start with a letter or digit");
    }
    return id;
  }

  /** Not blank, no control characters, at most {@code max} characters. */
  public static String line(String field, @Nullable String value, int max) {
    String line = present(field, value);
    if (line.isBlank()) {
      throw new InvalidField(field, "must not be blank");
    }
    if (line.length() > max) {
      throw new InvalidField(field, "must be at most " + max + " characters, not " + line.length());
    }
    if (line.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidField(field, "must not contain control characters");
    }
    return line;
  }

  /** The same of a value that may be left out. */
  public static void optionalLine(String field, @Nullable String value, int max) {
    if (value != null) {
      line(field, value, max);
    }
  }

  public static long atLeast(String field, long least, long value) {
    if (value < least) {
      throw new InvalidField(field, "must be at least " + least + ", not " + value);
    }
    return value;
  }

  public static int between(String field, int least, int most, int value) {
    if (value < least || value > most) {
      throw new InvalidField(field, "must be from " + least + " to " + most + ", not " + value);
    }
    return value;
  }
}
