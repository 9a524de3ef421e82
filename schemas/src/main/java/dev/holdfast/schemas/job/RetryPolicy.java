package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether a job whose attempt did not succeed is tried again. Waiting for a retry takes no slot and
 * no lock. Lost attempts are another matter: they are made again anyway.
 *
 * @param attempts how many attempts may have an outcome, the first included
 * @param on causes that are retried; exit, signal and infrastructure if left out
 * @param exitCodes exit codes that are retried; all but 0 if empty
 * @param backoff wait before the second attempt, doubled before each later one; 10 s if left out
 * @param cap longest wait; 10 min if left out
 * @param jitter part of the wait that is drawn by chance, 0 to 1; 0.2 if left out
 * @param within no retry begins later than this after the submission; null for no limit
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RetryPolicy(
    int attempts,
    List<RetryCause> on,
    SortedSet<Integer> exitCodes,
    Duration backoff,
    Duration cap,
    Double jitter,
    @Nullable Duration within) {
  private static final List<RetryCause> DEFAULT_CAUSES =
      List.of(RetryCause.EXIT, RetryCause.SIGNAL, RetryCause.INFRASTRUCTURE);
  private static final Duration MOST = Duration.ofDays(30);

  public RetryPolicy {
    Require.between("attempts", 1, 100, attempts);
    on = on == null || on.isEmpty() ? DEFAULT_CAUSES : List.copyOf(on);
    exitCodes = exitCodes == null ? new TreeSet<>() : new TreeSet<>(exitCodes);
    for (Integer code : exitCodes) {
      Require.between("exitCodes", 1, 255, code);
    }
    exitCodes = Collections.unmodifiableSortedSet(exitCodes);
    backoff = span("backoff", backoff, Duration.ofSeconds(10));
    cap = span("cap", cap, Duration.ofMinutes(10));
    jitter = jitter == null ? 0.2 : jitter;
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new InvalidField("jitter", "must be from 0 to 1, not " + jitter);
    }
    if (within != null) {
      span("within", within, within);
    }
  }

  /** Of this many attempts, everything else as it is left out. */
  public static RetryPolicy ofAttempts(int attempts) {
    return new RetryPolicy(
        attempts,
        List.of(),
        new TreeSet<>(),
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        0.2,
        null);
  }

  private static Duration span(String field, @Nullable Duration given, Duration otherwise) {
    Duration span = given == null ? otherwise : given;
    if (span.isNegative() || span.compareTo(MOST) > 0) {
      throw new InvalidField(field, "must be from PT0S to P30D, not " + span);
    }
    return span;
  }
}
