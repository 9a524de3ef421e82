package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.JobId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The order in which waiting jobs would get slots, if slots that fit everybody became free one by
 * one and nothing ended meanwhile.
 */
final class DispatchOrder {
  private DispatchOrder() {}

  static List<JobId> of(Cell cell) {
    Map<String, PriorityQueue<Place>> waiting = new HashMap<>();
    for (ReadyQueue.Head head : cell.ready().heads()) {
      waiting
          .computeIfAbsent(head.lane().owner(), owner -> new PriorityQueue<>())
          .addAll(cell.ready().in(head.lane()).toList());
    }
    Map<String, Integer> running = new HashMap<>();
    waiting
        .keySet()
        .forEach(owner -> running.put(owner, cell.running().of(LimitKeys.ofOwner(owner))));
    var shares = new Shares(owner -> running.getOrDefault(owner, 0), cell.controls()::weight);
    var order = new ArrayList<JobId>();
    while (!waiting.isEmpty()) {
      Map.Entry<String, PriorityQueue<Place>> next =
          waiting.entrySet().stream()
              .reduce((one, other) ->
                  shares.precedes(
                          one.getKey(),
                          one.getValue().element(),
                          other.getKey(),
                          other.getValue().element())
                      ? one
                      : other)
              .orElseThrow();
      order.add(next.getValue().remove().job());
      running.merge(next.getKey(), 1, Integer::sum);
      if (next.getValue().isEmpty()) {
        waiting.remove(next.getKey());
      }
    }
    return order;
  }
}
