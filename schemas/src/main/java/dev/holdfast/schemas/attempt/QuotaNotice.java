package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.Require;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt's word that its account's limit is reached.
 *
 * @param resetAt when the limit is reset, as it said; null if it did not say in a way that can be
 *     read
 * @param said the line, or the exit code, that said so; cut at 500 characters
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuotaNotice(@Nullable Instant resetAt, String said) {
  private static final int MOST_CHARACTERS = 500;

  public QuotaNotice {
    said = Require.present("said", said);
    said = said.substring(0, Math.min(said.length(), MOST_CHARACTERS));
  }
}
