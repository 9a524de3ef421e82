package dev.holdfast.worker.progress;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.schemas.attempt.Progress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Understands what a job writes about its progress; tolerant, since a shell script may write it.
 */
final class ProgressLine {
  private static final Pattern PERCENT =
      Pattern.compile("(\\d{1,9})(?:[.,]\\d*)?\\s*(?:%|(?=\\s|$))\\s*(.*)", Pattern.DOTALL);
  private static final ObjectMapper JSON = new ObjectMapper();

  private ProgressLine() {}

  /** {@code 40}, {@code 40%}, {@code 40 some text}, {@code some text}, or a JSON object. */
  static Optional<Progress> parse(byte[] bytes) {
    String content = new String(bytes, UTF_8).strip();
    if (content.startsWith("{")) {
      Optional<Progress> json = json(content);
      if (json.isPresent()) {
        return json;
      }
    }
    String line = content.lines().findFirst().orElse("").strip();
    if (line.isEmpty()) {
      return Optional.empty();
    }
    Matcher matcher = PERCENT.matcher(line);
    return Optional.of(
        matcher.matches() && Integer.parseInt(matcher.group(1)) <= 100
            ? progress(Double.parseDouble(matcher.group(1)), matcher.group(2))
            : progress(null, line));
  }

  private static Optional<Progress> json(String content) {
    try {
      JsonNode tree = JSON.readTree(content);
      JsonNode percent = tree.path("percent");
      String text = tree.path("text").asText("");
      if (!percent.isNumber() && text.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(progress(percent.isNumber() ? percent.asDouble() : null, text));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static Progress progress(@Nullable Double percent, String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return new Progress(percent == null ? null : (int) Math.clamp(percent, 0, 100), cut(line));
  }

  /** Never through the middle of a character that takes two. */
  private static String cut(String line) {
    int end = Math.min(line.length(), Progress.MOST_CHARACTERS);
    return line.substring(
        0, end < line.length() && Character.isLowSurrogate(line.charAt(end)) ? end - 1 : end);
  }
}
