package dev.holdfast.gateway.http;

import dev.holdfast.schemas.InvalidField;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** Query parameters. The contract has been checked; what it cannot say is checked here. */
final class Parameters {
  private Parameters() {}

  static Optional<String> text(RoutingContext call, String name) {
    List<String> given = call.queryParam(name);
    return given.isEmpty() ? Optional.empty() : Optional.of(given.getFirst());
  }

  static int number(RoutingContext call, String name, int otherwise) {
    return (int) number(call, name, (long) otherwise);
  }

  static long number(RoutingContext call, String name, long otherwise) {
    return text(call, name).map(given -> parse(name, given)).orElse(otherwise);
  }

  static boolean flag(RoutingContext call, String name) {
    return text(call, name).map(given -> given.equals("true")).orElse(false);
  }

  static long parse(String name, String given) {
    try {
      return Long.parseLong(given);
    } catch (NumberFormatException e) {
      throw new InvalidField(name, "must be a whole number, not " + Reply.shortened(given));
    }
  }
}
