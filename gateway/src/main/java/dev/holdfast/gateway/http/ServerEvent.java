package dev.holdfast.gateway.http;

import dev.holdfast.schemas.codec.Json;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One server-sent event. Source: WHATWG HTML, section 9.2.
 *
 * @param id what a client that comes back sends as Last-Event-ID; null to leave it as it was
 * @param name null for a plain message
 * @param data written as one line of JSON
 */
record ServerEvent(@Nullable String id, @Nullable String name, Object data) {
  void appendTo(Buffer buffer) {
    if (id != null) {
      buffer.appendString("id: ").appendString(id).appendString("\n");
    }
    if (name != null) {
      buffer.appendString("event: ").appendString(name).appendString("\n");
    }
    buffer.appendString("data: ").appendBytes(Json.bytes(data)).appendString("\n\n");
  }
}
