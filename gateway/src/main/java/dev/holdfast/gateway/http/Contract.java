package dev.holdfast.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The OpenAPI file: as it is published, and as the router reads it. */
final class Contract {
  private static final String RESOURCE = "/openapi.yaml";

  private final Buffer yaml;
  private final JsonObject json;

  private Contract(Buffer yaml, JsonObject json) {
    this.yaml = yaml;
    this.json = json;
  }

  static Contract read() {
    try (InputStream in =
        Objects.requireNonNull(Contract.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      byte[] bytes = in.readAllBytes();
      Map<String, Object> tree =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(new String(bytes, UTF_8));
      return new Contract(Buffer.buffer(bytes), new JsonObject(new JsonObject(tree).encode()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }

  Buffer yaml() {
    return yaml;
  }

  JsonObject json() {
    return json;
  }

  /**
   * The router refuses media types of answers that it cannot check; it checks no answers anyway.
   */
  Future<OpenAPIContract> forRouter(Vertx vertx) {
    JsonObject routed = json.copy();
    JsonObject paths = routed.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject item = paths.getJsonObject(path);
      for (String method : item.fieldNames()) {
        if (item.getValue(method) instanceof JsonObject operation) {
          keepChecked(operation.getJsonObject("responses", new JsonObject()));
        }
      }
    }
    keepChecked(routed.getJsonObject("components").getJsonObject("responses", new JsonObject()));
    return OpenAPIContract.from(vertx, routed);
  }

  private static void keepChecked(JsonObject responses) {
    for (String status : responses.fieldNames()) {
      JsonObject content = responses.getJsonObject(status).getJsonObject("content");
      if (content != null) {
        content.fieldNames().stream()
            .filter(type -> !MediaType.isMediaTypeSupported(type))
            .toList()
            .forEach(content::remove);
      }
    }
  }
}
