package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A receiver that is told what happens to a job, at least once for each event, by signed HTTP POST.
 *
 * @param url http or https
 * @param events types to be told; {@code ended} alone if left out
 * @param secret name of the signing secret in the coordinators' store; the cell's own if null
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CallbackTarget(String url, List<CallbackEvent> events, @Nullable String secret) {
  public CallbackTarget {
    Require.line("url", url, 2000);
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new InvalidField("url", "is no URL: " + e.getMessage());
    }
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null) {
      throw new InvalidField("url", "must be http://HOST/... or https://HOST/...");
    }
    if (uri.getUserInfo() != null) {
      throw new InvalidField("url", "must not hold credentials; receivers check the signature");
    }
    events =
        events == null || events.isEmpty() ? List.of(CallbackEvent.ENDED) : List.copyOf(events);
    if (secret != null) {
      Require.id("secret", secret);
    }
  }
}
