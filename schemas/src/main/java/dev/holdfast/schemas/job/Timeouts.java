package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.InvalidField;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Time limits of a job, enforced where it runs.
 *
 * @param prepare how long workspace, image and all else that the command needs may take to be made
 *     ready, tries again included; null for no limit
 * @param run how long the command may run, time frozen not counted; null for no limit
 * @param idleOutput how long it may print nothing, time frozen not counted; null for no limit
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Timeouts(
    @Nullable Duration prepare, @Nullable Duration run, @Nullable Duration idleOutput) {
  public static final Timeouts NONE = new Timeouts(null, null, null);

  /** Fits every clock that it is added to. */
  private static final Duration MOST = Duration.ofDays(365);

  public Timeouts {
    check("prepare", prepare);
    check("run", run);
    check("idleOutput", idleOutput);
  }

  /** A limit for the command alone. */
  public static Timeouts ofRun(Duration run) {
    return new Timeouts(null, run, null);
  }

  private static void check(String field, @Nullable Duration limit) {
    if (limit != null && !limit.isPositive()) {
      throw new InvalidField(field, "must be longer than zero, e.g. PT1H, not " + limit);
    }
    if (limit != null && limit.compareTo(MOST) > 0) {
      throw new InvalidField(field, "must be at most 365 days, not " + limit);
    }
  }
}
