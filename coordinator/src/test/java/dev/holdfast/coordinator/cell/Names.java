package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.job.JobEvent;
import java.util.Locale;
import java.util.stream.Collectors;

/** Events, effects and enum constants in the words of the protocol, e.g. {@code requeued(lost)}. */
final class Names {
  private Names() {}

  static String of(JobEvent event) {
    String type = type(event);
    return switch (event) {
      case JobEvent.Ended ended -> type + "(" + of(ended.state()) + ")";
      case JobEvent.Requeued requeued -> type + "(" + of(requeued.reason()) + ")";
      case JobEvent.HealthChanged changed -> type + "(" + of(changed.health()) + ")";
      case JobEvent.PhaseEntered entered -> type + "(" + of(entered.phase()) + ")";
      case JobEvent.CommandRejected rejected -> type + "(" + rejected.code() + ")";
      case JobEvent.ReportRefused refused -> type + "(" + refused.report() + ")";
      case JobEvent.Submitted e -> type;
      case JobEvent.Readied e -> type;
      case JobEvent.Locked e -> type;
      case JobEvent.Retried retried -> type + "(" + of(retried.reason()) + ")";
      case JobEvent.Assigned e -> type;
      case JobEvent.Taken e -> type;
      case JobEvent.FileKept e -> type;
      case JobEvent.Adopted e -> type;
      case JobEvent.LeaseRenewed e -> type;
      case JobEvent.CancelRequested e -> type;
    };
  }

  static String of(Effect effect) {
    return switch (effect) {
      case Effect.OpenLease open -> "open lease";
      case Effect.CloseLease close -> "close lease";
      case Effect.SendOrder(Order.Stop stop) -> "order stop(" + of(stop.reason()) + ")";
      case Effect.SendOrder(Order.Reconciled reconciled) ->
          "order reconciled("
              + reconciled.verdicts().stream()
                  .map(verdict -> of(verdict.standing()))
                  .collect(Collectors.joining(" "))
              + ")";
      case Effect.SendOrder(Order order) -> "order " + type(order);
    };
  }

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String type(Object value) {
    return value
        .getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }
}
