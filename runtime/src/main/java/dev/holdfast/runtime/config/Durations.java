package dev.holdfast.runtime.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}, {@code 1d},
 * or ISO 8601.
 */
public final class Durations {
  private static final Pattern SHORT = Pattern.compile("(\\d+)(ms|s|m|h|d)");

  private Durations() {}

  public static Duration parse(String text) {
    try {
      Duration parsed = parsed(text);
      if (!parsed.isNegative()) {
        return parsed;
      }
    } catch (DateTimeParseException | NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(problem(text), e);
    }
    throw new IllegalArgumentException(problem(text));
  }

  private static Duration parsed(String text) {
    var matcher = SHORT.matcher(text);
    return matcher.matches()
        ? unit(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)))
        : Duration.parse(text);
  }

  private static String problem(String text) {
    return "must be a duration such as 500ms, 30s, 2m, 1h or PT30S, not '" + text + "'";
  }

  private static Duration unit(String name) {
    return switch (name) {
      case "ms" -> Duration.ofMillis(1);
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> throw new IllegalArgumentException("no such unit: " + name);
    };
  }
}
