package dev.holdfast.gateway.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.holdfast.schemas.codec.Json;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;

/** Refuses a body that is not one JSON value, before anybody builds a tree of it. */
final class JsonGuard implements Handler<RoutingContext> {
  @Override
  public void handle(RoutingContext call) {
    Guard.bodyArrived(call);
    Buffer body = call.body().buffer();
    if (body == null || body.length() == 0) {
      call.next();
      return;
    }
    try (JsonParser parser = Json.parser(body.getBytes())) {
      int depth = 0;
      int values = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        values += depth == 0 ? 1 : 0;
      }
      if (values != 1) {
        throw new IOException("expected one JSON value, found " + values);
      }
    } catch (IOException e) {
      call.fail(Problem.of(ProblemCode.INVALID_JSON, Json.invalid(e).problem()).exception());
      return;
    }
    call.next();
  }
}
