package dev.holdfast.gateway.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a feed to a client as fast as the client takes it. One piece is in memory at a time;
 * while the feed is dry nothing runs until it is poked. All fields are owned by the call's event
 * loop.
 */
final class StreamPump {
  private static final Logger log = LoggerFactory.getLogger(StreamPump.class);
  private static final long SOON_MS = 200;

  private final RoutingContext call;
  private final HttpServerResponse response;
  private final Context context;
  private final Blocking blocking;
  private final Feed feed;
  private boolean busy;
  private boolean again;
  private boolean over;

  /** Made on the event loop of the call. */
  StreamPump(RoutingContext call, Blocking blocking, Feed feed) {
    this.call = call;
    this.response = call.response();
    this.context = call.vertx().getOrCreateContext();
    this.blocking = blocking;
    this.feed = feed;
    call.addEndHandler(ended -> over = true);
  }

  /** There may be more. Called from any thread. */
  void poke() {
    context.runOnContext(ignored -> step());
  }

  private void step() {
    if (over) {
      return;
    }
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    if (response.writeQueueFull()) {
      response.drainHandler(drained -> resume());
    } else {
      again = false;
      blocking.log(feed::next).onComplete(this::took);
    }
  }

  private void resume() {
    busy = false;
    step();
  }

  private void took(AsyncResult<Feed.Batch> taken) {
    busy = false;
    if (over) {
      return;
    }
    if (taken.failed()) {
      log.warn(
          "the answer to {} is cut off: {}",
          Reply.shortened(String.valueOf(call.request().path())),
          taken.cause().toString());
      over = true;
      call.request().connection().close();
      return;
    }
    Feed.Batch batch = taken.result();
    if (batch.last()) {
      over = true;
      response.end(batch.bytes());
    } else if (batch.bytes().length() > 0) {
      response.write(batch.bytes());
      step();
    } else if (again) {
      step();
    } else if (batch.soon()) {
      call.vertx().setTimer(SOON_MS, timer -> step());
    }
  }
}
