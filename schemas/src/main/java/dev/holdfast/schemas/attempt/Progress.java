package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import org.jspecify.annotations.Nullable;

/**
 * How far an attempt is, in its own words.
 *
 * @param percent 0 to 100; null if it does not say
 * @param text a line; empty if it does not say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Progress(@Nullable Integer percent, String text) {
  public static final int MOST_CHARACTERS = 200;

  public Progress {
    if (percent != null) {
      Require.between("percent", 0, 100, percent);
    }
    text = text == null ? "" : text;
    if (text.length() > MOST_CHARACTERS) {
      throw new InvalidField("text", "must be at most " + MOST_CHARACTERS + " characters");
    }
  }
}
