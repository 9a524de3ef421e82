package dev.holdfast.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/** Serves a text that is at hand: the contract, the metrics. */
final class ShowText implements Operation {
  private final String id;
  private final String mediaType;
  private final Supplier<Buffer> text;

  ShowText(String id, String mediaType, Supplier<Buffer> text) {
    this.id = id;
    this.mediaType = mediaType;
    this.text = text;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public void handle(RoutingContext call) {
    Reply.send(call, 200, mediaType, text.get());
  }
}
