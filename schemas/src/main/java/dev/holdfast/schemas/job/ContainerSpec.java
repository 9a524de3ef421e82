package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.schemas.Require;
import org.jspecify.annotations.Nullable;

/**
 * The container that a job's command runs in.
 *
 * @param image its reference, e.g. {@code registry.example.org/agents:3}
 * @param network {@code none}, {@code bridge}, or the name of a network that the workers' engines
 *     have; bridge if left out
 * @param user {@code UID} or {@code UID:GID} that the command runs as; the image's own if null
 * @param writableRoot whether the command may write outside its workspace and {@code /tmp}; false
 *     if left out
 * @param pull when the image is fetched; if it is missing, unless said otherwise
 * @param onEngineLoss what becomes of an attempt whose container died with its engine; lost unless
 *     said otherwise
 * @param credentials name of the secret with which the image's registry is entered; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContainerSpec(
    String image,
    @Nullable String network,
    @Nullable String user,
    @Nullable Boolean writableRoot,
    @Nullable Pull pull,
    @Nullable OnEngineLoss onEngineLoss,
    @Nullable String credentials) {

  public ContainerSpec {
    Require.line("image", image, 500);
    Require.optionalLine("network", network, 100);
    Require.optionalLine("user", user, 100);
    if (credentials != null) {
      Require.id("credentials", credentials);
    }
  }

  /** When an image is fetched from its registry. */
  public enum Pull {
    @JsonProperty("always")
    ALWAYS,
    @JsonProperty("missing")
    MISSING,
    @JsonProperty("never")
    NEVER
  }

  /** What becomes of an attempt whose container did not survive a restart of its engine. */
  public enum OnEngineLoss {
    /** It is lost; the job is assigned again under a new token. */
    @JsonProperty("lost")
    LOST,
    /** Its command is started again, in the same attempt and workspace. */
    @JsonProperty("restart")
    RESTART
  }
}
