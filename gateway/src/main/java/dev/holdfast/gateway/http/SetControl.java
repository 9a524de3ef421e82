package dev.holdfast.gateway.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.holdfast.gateway.command.CellRequests;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.codec.Json;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** {@code PUT /v1/controls}. */
final class SetControl implements Operation {
  private static final ObjectReader READER = Json.strictReaderFor(Body.class);

  private final CellRequests requests;
  private final Operating operating;

  SetControl(CellRequests requests, Operating operating) {
    this.requests = requests;
    this.operating = operating;
  }

  /**
   * What is asked.
   *
   * @param why shown in the history
   */
  record Body(Control control, @Nullable String why) {
    Body {
      Require.present("control", control);
      Require.optionalLine("why", why, 1_000);
    }
  }

  @Override
  public String id() {
    return "setControl";
  }

  @Override
  public void handle(RoutingContext call) {
    Body body =
        Json.read(
            READER,
            requireNonNull(call.body().buffer(), "the contract requires a body").getBytes());
    operating.answer(call, requests.set(body.control(), Operating.asking(body.why())));
  }
}
