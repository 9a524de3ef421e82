package dev.holdfast.schemas.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import dev.holdfast.schemas.InvalidField;
import java.io.IOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/** Reads ISO 8601 text and nothing else: a number would leave its unit to guessing. */
final class DurationText extends StdScalarDeserializer<Duration> {
  private static final long serialVersionUID = 1L;

  /** As the schema says it; JDK's own parser also takes signs, lower case and commas. */
  private static final Pattern ISO =
      Pattern.compile("P(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+(\\.\\d{1,9})?S)?)?");

  DurationText() {
    super(Duration.class);
  }

  @Override
  public Duration deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    String text = parser.getText();
    if (parser.currentToken() == JsonToken.VALUE_STRING && ISO.matcher(text).matches()) {
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException e) {
        throw new InvalidField("", "is too long a duration: " + text);
      }
    }
    throw new InvalidField(
        "", "must be an ISO 8601 duration such as \"PT30S\", \"PT1H\" or \"P1D\", not " + text);
  }
}
