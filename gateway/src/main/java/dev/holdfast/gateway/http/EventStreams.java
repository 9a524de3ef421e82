package dev.holdfast.gateway.http;

import dev.holdfast.gateway.log.Subscribers.Subscription;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Opens streams of server-sent events, a limited number at a time. */
final class EventStreams {
  private static final int MOST = 1_000;
  private static final long KEEPALIVE_MS = 10_000;

  private final Blocking blocking;
  private final AtomicInteger open = new AtomicInteger();

  EventStreams(Blocking blocking) {
    this.blocking = blocking;
  }

  /**
   * Serves a feed until it is over or the client leaves.
   *
   * @param listen subscribes what it is given to all news that can feed it
   */
  void serve(RoutingContext call, Feed feed, Function<Runnable, List<Subscription>> listen) {
    if (open.incrementAndGet() > MOST) {
      open.decrementAndGet();
      call.fail(
          Problem.of(ProblemCode.TOO_MANY_STREAMS, "expected at most " + MOST + " at a time")
              .exception());
      return;
    }
    call.response()
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    var pump = new StreamPump(call, blocking, feed);
    List<Subscription> subscriptions = listen.apply(pump::poke);
    long keepalive =
        call.vertx()
            .setPeriodic(
                KEEPALIVE_MS,
                timer -> {
                  if (!call.response().ended() && !call.response().writeQueueFull()) {
                    call.response().write(": still here\n\n");
                  }
                });
    call.addEndHandler(ended -> {
      call.vertx().cancelTimer(keepalive);
      subscriptions.forEach(Subscription::close);
      open.decrementAndGet();
    });
    call.response().write(Buffer.buffer(": holdfast\n\n"));
    pump.poke();
  }
}
