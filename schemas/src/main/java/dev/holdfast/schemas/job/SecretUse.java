package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import org.jspecify.annotations.Nullable;

/**
 * A secret that a job needs. The job names it; its value never leaves the worker's own store.
 *
 * @param name in the worker's secret store
 * @param env variable that holds the value; null to have it in the file {@code
 *     $HOLDFAST_SECRETS/name} instead
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SecretUse(String name, @Nullable String env) {
  public SecretUse {
    Require.id("name", name);
    if (env != null && !env.matches("(?!HOLDFAST_)[A-Za-z_][A-Za-z0-9_]{0,199}")) {
      throw new InvalidField(
          "env", "must be letters, digits and '_', not start with a digit nor with HOLDFAST_");
    }
  }
}
