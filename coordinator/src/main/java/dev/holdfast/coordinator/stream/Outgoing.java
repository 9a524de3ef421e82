package dev.holdfast.coordinator.stream;

import dev.holdfast.coordinator.cell.Decision;
import dev.holdfast.coordinator.cell.Effect;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobEvent;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** A record that a decision sends, and by which sink. */
record Outgoing(String sink, Record<String, byte[]> record) {
  /**
   * All that a decision sends, in order: first what was decided, then what it causes.
   *
   * @throws DoesNotFit if one of them is too large
   */
  static List<Outgoing> of(Decision decision, long nowMs) {
    return Stream.concat(
            Stream.concat(
                decision.events().stream().map(event -> of(event, nowMs)),
                decision.cellEvents().stream().map(event -> of(event, nowMs))),
            decision.effects().stream().map(effect -> of(effect, nowMs)))
        .toList();
  }

  private static Outgoing of(CellEvent event, long nowMs) {
    String key = CellEvent.KEY_PREFIX + event.subject();
    byte[] value = checked(event, Serdes.CELL_EVENT.write(event), key);
    return of(CellTopology.EVENTS_SINK, key, value, nowMs);
  }

  private static Outgoing of(JobEvent event, long nowMs) {
    String job = event.job().value();
    return of(CellTopology.EVENTS_SINK, job, checked(event, Serdes.EVENT.write(event), job), nowMs);
  }

  private static Outgoing of(Effect effect, long nowMs) {
    return switch (effect) {
      case Effect.SendOrder(Order order) -> {
        String worker = order.worker().value();
        byte[] value = checked(order, Serdes.ORDER.write(order), worker);
        yield of(CellTopology.ORDERS_SINK, worker, value, nowMs);
      }
      case Effect.OpenLease(var job, var lease) ->
          of(CellTopology.LEASES_SINK, job.value(), Serdes.LEASE.write(lease), nowMs);
      case Effect.CloseLease(var job) -> of(CellTopology.LEASES_SINK, job.value(), null, nowMs);
    };
  }

  private static Outgoing of(String sink, String key, byte @Nullable [] value, long nowMs) {
    return new Outgoing(sink, new Record<>(key, value, nowMs));
  }

  private static byte[] checked(Object what, byte[] value, String key) {
    return DoesNotFit.checked(what.getClass().getSimpleName() + " for " + key, value);
  }
}
