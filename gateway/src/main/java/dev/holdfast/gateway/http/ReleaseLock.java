package dev.holdfast.gateway.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.holdfast.gateway.command.CellRequests;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.codec.Json;
import dev.holdfast.schemas.job.JobId;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/locks/release}. */
final class ReleaseLock implements Operation {
  private static final ObjectReader READER = Json.strictReaderFor(Body.class);

  private final CellRequests requests;
  private final Operating operating;

  ReleaseLock(CellRequests requests, Operating operating) {
    this.requests = requests;
    this.operating = operating;
  }

  /**
   * What is asked.
   *
   * @param holder the job that is to lose the lock
   */
  record Body(String lock, JobId holder, @Nullable String why) {
    Body {
      Require.line("lock", lock, 2_100);
      Require.present("holder", holder);
      Require.optionalLine("why", why, 1_000);
    }
  }

  @Override
  public String id() {
    return "releaseLock";
  }

  @Override
  public void handle(RoutingContext call) {
    Body body =
        Json.read(
            READER,
            requireNonNull(call.body().buffer(), "the contract requires a body").getBytes());
    operating.answer(
        call, requests.release(body.lock(), body.holder(), Operating.asking(body.why())));
  }
}
