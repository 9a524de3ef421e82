package dev.holdfast.schemas.topic;

import java.util.HashMap;
import java.util.Map;

/** The kinds of topic that each cell has. The full name is {@code holdfast.<cell>.<name>}. */
@SuppressWarnings("ImmutableEnumChecker") // the settings are an immutable copy
public enum CellTopic {
  /**
   * Key: job id. JobCommand; from the gateway, other systems and the monitor to the coordinator.
   */
  COMMANDS("commands", 1, Cleanup.days(30), Map.of()),
  /** Key: job id or worker id. WorkerReport; from workers to the coordinator. */
  REPORTS("reports", 1, Cleanup.days(7), Map.of()),
  /** Key: job id. JobEvent, the decided facts; from the coordinator to whoever wants to know. */
  EVENTS("events", 1, Cleanup.days(30), Map.of()),
  /** Key: worker id. Order; from the coordinator to workers, each reading its own partition. */
  ORDERS("orders", 16, Cleanup.days(1), Map.of()),
  /**
   * Key: job id. LeaseRecord, the lease ledger; coordinator, workers and monitor to the monitor.
   */
  HEARTBEATS(
      "heartbeats",
      16,
      Cleanup.COMPACT,
      Map.of(
          "segment.bytes", mebibytes(16),
          "segment.ms", minutes(10),
          "min.cleanable.dirty.ratio", "0.2",
          "delete.retention.ms", minutes(10))),
  /** Key: worker id. Presence; from workers to the coordinator and the gateway. */
  WORKERS(
      "workers",
      1,
      Cleanup.COMPACT,
      Map.of(
          "message.timestamp.type",
          "LogAppendTime",
          "segment.bytes",
          mebibytes(16),
          "segment.ms",
          minutes(60),
          "min.cleanable.dirty.ratio",
          "0.2")),
  /** Key: job id. OutputChunk; from workers to the gateway. */
  OUTPUT("output", 16, Cleanup.days(7), Map.of("segment.bytes", mebibytes(128))),
  /** Key: sha256/chunk number. Raw bytes of results; from workers to the gateway. */
  BLOBS("blobs", 16, Cleanup.days(30), Map.of("segment.bytes", mebibytes(128))),
  /**
   * Key: topic-partition@offset. Bytes that could not be understood, with the reason in headers.
   */
  DEAD_LETTERS("dead-letters", 1, Cleanup.days(30), Map.of());

  private final String suffix;
  private final int partitions;
  private final Map<String, String> settings;

  CellTopic(String suffix, int partitions, Map<String, String> cleanup, Map<String, String> more) {
    this.suffix = suffix;
    this.partitions = partitions;
    var all = new HashMap<>(cleanup);
    all.putAll(more);
    this.settings = Map.copyOf(all);
  }

  /** Full name of this topic in a cell. */
  public String in(String cell) {
    return "holdfast." + cell + "." + suffix;
  }

  public int partitions() {
    return partitions;
  }

  /** Topic settings as Kafka names them; whatever is not here is the broker's default. */
  public Map<String, String> settings() {
    return settings;
  }

  private static String minutes(int minutes) {
    return Long.toString(minutes * 60_000L);
  }

  private static String mebibytes(int mebibytes) {
    return Long.toString(mebibytes * 1024L * 1024L);
  }

  /** How old records leave a topic. */
  private static final class Cleanup {
    static final Map<String, String> COMPACT = Map.of("cleanup.policy", "compact");

    static Map<String, String> days(int days) {
      return Map.of("cleanup.policy", "delete", "retention.ms", minutes(days * 24 * 60));
    }
  }
}
