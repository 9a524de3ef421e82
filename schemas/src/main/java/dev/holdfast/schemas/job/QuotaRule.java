package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * How an agent says that its account's limit is reached. That is a state and no failure: it spends
 * no attempt, and all jobs of the account wait until the limit is reset.
 *
 * @param account whose limit it is
 * @param exitCodes codes that say so; none if empty
 * @param pattern regular expression, looked for in the last lines of both streams of an attempt
 *     that did not succeed; a group {@code reset} holds when the limit is reset: an ISO 8601
 *     instant or duration, or seconds since 1970; null for none
 * @param pause how long to wait when no reset time can be read; 15 min if left out
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record QuotaRule(
    String account, SortedSet<Integer> exitCodes, @Nullable String pattern, Duration pause) {
  private static final Duration DEFAULT_PAUSE = Duration.ofMinutes(15);
  private static final Duration MOST_PAUSE = Duration.ofDays(31);

  public QuotaRule {
    Require.id("account", account);
    exitCodes = exitCodes == null ? new TreeSet<>() : new TreeSet<>(exitCodes);
    for (Integer code : exitCodes) {
      Require.between("exitCodes", 1, 255, code);
    }
    exitCodes = Collections.unmodifiableSortedSet(exitCodes);
    if (pattern != null) {
      Require.line("pattern", pattern, 500);
      try {
        Pattern.compile(pattern);
      } catch (PatternSyntaxException e) {
        throw new InvalidField("pattern", "is no regular expression: " + e.getDescription());
      }
    }
    if (pattern == null && exitCodes.isEmpty()) {
      throw new InvalidField("pattern", "give a pattern or exitCodes by which the limit is known");
    }
    pause = pause == null ? DEFAULT_PAUSE : pause;
    if (!pause.isPositive() || pause.compareTo(MOST_PAUSE) > 0) {
      throw new InvalidField("pause", "must be from above zero to P31D, not " + pause);
    }
  }
}
