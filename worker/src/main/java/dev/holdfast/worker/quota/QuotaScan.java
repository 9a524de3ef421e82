package dev.holdfast.worker.quota;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.QuotaNotice;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.job.QuotaRule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether an attempt that did not succeed said that its account's limit is reached. Pure. */
public final class QuotaScan {
  private static final String RESET = "reset";
  private static final Pattern SECONDS = Pattern.compile("[0-9]{9,11}");
  private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{12,14}");

  private QuotaScan() {}

  /**
   * Looks by exit code and in what was printed last.
   *
   * @param printed the ends of both streams
   * @param now that a duration until the reset counts from
   */
  public static Optional<QuotaNotice> of(
      QuotaRule rule, Outcome outcome, String printed, Instant now) {
    if (outcome.state() == JobState.SUCCEEDED || outcome.state() == JobState.CANCELLED) {
      return Optional.empty();
    }
    Optional<QuotaNotice> said = said(rule, printed, now);
    return said.isPresent()
        ? said
        : outcome instanceof Outcome.Exited(int code) && rule.exitCodes().contains(code)
            ? Optional.of(new QuotaNotice(null, "exit code " + code))
            : Optional.empty();
  }

  /** The last match counts: a limit that was waited out before says nothing of now. */
  private static Optional<QuotaNotice> said(QuotaRule rule, String printed, Instant now) {
    if (rule.pattern() == null) {
      return Optional.empty();
    }
    Matcher matcher = Pattern.compile(rule.pattern()).matcher(new BoundedText(printed));
    String line = null;
    Instant resetAt = null;
    try {
      while (matcher.find()) {
        line = matcher.group().strip();
        resetAt = reset(matcher, now).orElse(null);
      }
    } catch (BoundedText.Exhausted e) {
      // A pattern that backtracks without end finds no more; what it found first stands.
      return notice(line, resetAt);
    }
    return notice(line, resetAt);
  }

  private static Optional<QuotaNotice> notice(@Nullable String line, @Nullable Instant resetAt) {
    return line == null
        ? Optional.empty()
        : Optional.of(
            new QuotaNotice(resetAt, line.isEmpty() ? "its limit's pattern" : oneLine(line)));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  private static Optional<Instant> reset(Matcher matcher, Instant now) {
    if (!matcher.namedGroups().containsKey(RESET) || matcher.group(RESET) == null) {
      return Optional.empty();
    }
    String text = matcher.group(RESET).strip();
    try {
      if (SECONDS.matcher(text).matches()) {
        return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
      }
      if (MILLISECONDS.matcher(text).matches()) {
        return Optional.of(Instant.ofEpochMilli(Long.parseLong(text)));
      }
      return Optional.of(
          text.startsWith("P")
              ? now.plus(Duration.parse(text))
              : OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
