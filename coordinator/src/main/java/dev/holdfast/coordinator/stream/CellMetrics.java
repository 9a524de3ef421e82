package dev.holdfast.coordinator.stream;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.coordinator.cell.CellInput;
import dev.holdfast.coordinator.cell.Decision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a coordinator counts. Gauges are of the task that this process owns, if it owns it. */
final class CellMetrics {
  private final MeterRegistry registry;
  private final AtomicLong living;
  private final AtomicLong waiting;
  private final Counter deadLetters;
  private final Counter failures;
  private final Map<String, Counter> inputs = new ConcurrentHashMap<>();
  private final Map<String, Counter> events = new ConcurrentHashMap<>();

  CellMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.living = registry.gauge("holdfast.jobs.living", new AtomicLong());
    this.waiting = registry.gauge("holdfast.jobs.waiting", new AtomicLong());
    this.deadLetters = registry.counter("holdfast.dead.letters");
    this.failures = registry.counter("holdfast.decision.failures");
  }

  void decided(CellInput input, Decision decision, Cell cell) {
    count(inputs, "holdfast.inputs", input);
    decision.events().forEach(event -> count(events, "holdfast.events", event));
    decision.cellEvents().forEach(event -> count(events, "holdfast.events", event));
    living.set(cell.jobs().size());
    waiting.set(cell.queueLength());
  }

  void deadLetter() {
    deadLetters.increment();
  }

  void failed() {
    failures.increment();
  }

  private void count(Map<String, Counter> counters, String name, Object what) {
    counters
        .computeIfAbsent(
            what.getClass().getSimpleName(), type -> registry.counter(name, "type", type))
        .increment();
  }
}
