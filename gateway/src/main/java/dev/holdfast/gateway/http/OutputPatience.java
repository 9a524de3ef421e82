package dev.holdfast.gateway.http;

import dev.holdfast.gateway.output.Extent;
import dev.holdfast.gateway.output.OutputQueries;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How long to wait for output that an ended job is known to have written. The event that it ended
 * and its last output come over different topics; they meet here.
 */
final class OutputPatience {
  private static final Duration MOST = Duration.ofSeconds(10);

  /** What has not come this long after the end will not come; wide, for clocks that differ. */
  private static final Duration HOPE = Duration.ofMinutes(10);

  private final OutputQueries output;
  private final News news;
  private final Blocking blocking;
  private final InstantSource clock;

  OutputPatience(OutputQueries output, News news, Blocking blocking, InstantSource clock) {
    this.output = output;
    this.news = news;
    this.blocking = blocking;
    this.clock = clock;
  }

  /** How long missing output of a job that ended then is worth waiting for. */
  Duration atMost(Instant endedAt) {
    boolean recent = Duration.between(endedAt, clock.instant()).compareTo(HOPE) < 0;
    return recent || news.outputBehind().getAsBoolean() ? MOST : Duration.ZERO;
  }

  Instant now() {
    return clock.instant();
  }

  /** What is known of the target's stream, as soon as that is all, or when patience ends. */
  Future<Extent> settled(Vertx vertx, OutputTarget target) {
    Instant endedAt = target.endedAt();
    if (endedAt == null || target.length().isEmpty()) {
      return extent(target);
    }
    long total = target.length().getAsLong();
    Promise<Extent> settled = Promise.promise();
    Runnable look =
        () ->
            extent(target)
                .onSuccess(extent -> {
                  if (extent.covers(total)) {
                    settled.tryComplete(extent);
                  }
                })
                .onFailure(settled::tryFail);
    var context = vertx.getOrCreateContext();
    var listening =
        news.output()
            .listen(target.key().job(), told -> context.runOnContext(ignored -> look.run()));
    long patience = Math.max(1, atMost(endedAt).toMillis());
    long timer =
        vertx.setTimer(
            patience,
            over -> extent(target).onSuccess(settled::tryComplete).onFailure(settled::tryFail));
    look.run();
    return settled
        .future()
        .onComplete(done -> {
          listening.close();
          vertx.cancelTimer(timer);
        });
  }

  private Future<Extent> extent(OutputTarget target) {
    return blocking.query(() -> output.extent(target.key()));
  }
}
