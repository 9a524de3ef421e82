package dev.holdfast.drill.simulation;

import dev.holdfast.runtime.kafka.Partitions;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The log of a cell. While it is away nothing can be appended, read or committed. */
final class Broker {
  /** Few, so that workers share one and must skip what names another. */
  private static final int ORDER_PARTITIONS = 2;

  private static final int LEDGER_PARTITIONS = 2;

  private static final long TOMBSTONES_STAY_MS = 10 * 60_000;

  private final Scheduler scheduler;
  private final Partition<JobCommand> commands;
  private final Partition<WorkerReport> reports;
  private final Partition<Presence> workers;
  private final Partition<JobEvent> events;
  private final List<Partition<Order>> orders;
  private final List<Partition<LedgerEntry>> ledger;
  private final Map<WorkerId, Integer> committed = new TreeMap<>();
  private final List<Runnable> onReturn = new ArrayList<>();
  private boolean up = true;

  Broker(Scheduler scheduler) {
    this.scheduler = scheduler;
    commands = new Partition<>(scheduler);
    reports = new Partition<>(scheduler);
    workers = new Partition<>(scheduler);
    events = new Partition<>(scheduler);
    orders =
        Stream.generate(() -> new Partition<Order>(scheduler)).limit(ORDER_PARTITIONS).toList();
    ledger =
        Stream.generate(() -> new Partition<LedgerEntry>(scheduler))
            .limit(LEDGER_PARTITIONS)
            .toList();
  }

  boolean up() {
    return up;
  }

  void goAway() {
    up = false;
  }

  void comeBack() {
    up = true;
    onReturn.forEach(Runnable::run);
  }

  void onReturn(Runnable reader) {
    onReturn.add(reader);
  }

  Partition<JobCommand> commands() {
    return commands;
  }

  Partition<WorkerReport> reports() {
    return reports;
  }

  Partition<Presence> workers() {
    return workers;
  }

  Partition<JobEvent> events() {
    return events;
  }

  Partition<Order> orders(WorkerId worker) {
    return orders.get(Partitions.of(worker.value(), orders.size()));
  }

  List<Partition<LedgerEntry>> ledger() {
    return ledger;
  }

  Partition<LedgerEntry> ledger(JobId job) {
    return ledger.get(Partitions.of(job.value(), ledger.size()));
  }

  /** Only the newest word on each lease stays; tombstones stay for a while, then go. */
  void compactLedger() {
    long tombstonesGoMs = scheduler.nowMs() - TOMBSTONES_STAY_MS;
    for (Partition<LedgerEntry> partition : ledger) {
      partition.compact(
          LedgerEntry::key,
          entry -> entry.value().value() == null && entry.atMs() < tombstonesGoMs);
    }
  }

  void commit(WorkerId worker, int offset) {
    committed.put(worker, offset);
  }

  OptionalInt committed(WorkerId worker) {
    Integer offset = committed.get(worker);
    return offset == null ? OptionalInt.empty() : OptionalInt.of(offset);
  }
}
