package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Calls of a gateway's HTTP API. Every failure is an {@link ApiFailure} that says what to do. */
public final class Api {
  static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  public Api(URI base) {
    this.base = base;
  }

  public URI base() {
    return base;
  }

  /** A part of a path, safe whatever it holds. */
  public static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public JsonNode get(String path) {
    return json(send(request(path).GET()));
  }

  public JsonNode post(String path, Map<String, String> headers, JsonNode body) {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()));
    headers.forEach(request::header);
    return json(send(request));
  }

  public JsonNode put(String path, JsonNode body) {
    return json(
        send(
            request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body.toString()))));
  }

  public JsonNode delete(String path) {
    return json(send(request(path).DELETE()));
  }

  /** The body as it comes; the caller closes it. */
  public HttpResponse<InputStream> stream(String path, Map<String, String> headers) {
    var request = HttpRequest.newBuilder(base.resolve(path)).GET();
    headers.forEach(request::header);
    return checked(send(request));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(60));
  }

  private HttpResponse<InputStream> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new ApiFailure(
          ExitCodes.UNAVAILABLE,
          "no gateway answers at "
              + base
              + " ("
              + e
              + "). Start one with 'holdfast up', or name another with --url or HOLDFAST_URL.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiFailure(ExitCodes.FAILED, "interrupted");
    }
  }

  private static JsonNode json(HttpResponse<InputStream> response) {
    try (InputStream body = checked(response).body()) {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new ApiFailure(ExitCodes.UNAVAILABLE, "the gateway's answer broke off: " + e);
    }
  }

  private static HttpResponse<InputStream> checked(HttpResponse<InputStream> response) {
    if (response.statusCode() < 400) {
      return response;
    }
    throw new ApiFailure(
        response.statusCode() >= 500 ? ExitCodes.UNAVAILABLE : ExitCodes.REFUSED,
        problem(response));
  }

  /** Problem details (RFC 9457) as one sentence; whatever else comes, as it is. */
  private static String problem(HttpResponse<InputStream> response) {
    String text;
    try (InputStream body = response.body()) {
      text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "HTTP " + response.statusCode() + ", and the answer broke off: " + e;
    }
    try {
      JsonNode problem = JSON.readTree(text);
      String field = problem.path("field").asText("");
      String detail = problem.path("detail").asText(problem.path("title").asText(text));
      return field.isEmpty() || detail.startsWith(field) ? detail : field + ": " + detail;
    } catch (IOException e) {
      return "HTTP " + response.statusCode() + ": " + text;
    }
  }
}
