package dev.holdfast.gateway.http;

import dev.holdfast.gateway.view.StandingControl;
import dev.holdfast.schemas.cell.Control;
import java.time.Instant;
import java.util.List;

/** A control that holds, as the API shows it. See {@code Control} in openapi.yaml. */
record ControlAnswer(String key, Control control, String by, String why, Instant since) {
  static ControlAnswer of(StandingControl standing) {
    return new ControlAnswer(
        standing.control().key(),
        standing.control(),
        standing.cause().by(),
        standing.cause().why(),
        standing.since());
  }

  static List<ControlAnswer> all(List<StandingControl> standing) {
    return standing.stream().map(ControlAnswer::of).toList();
  }
}
