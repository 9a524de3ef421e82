package dev.holdfast.schemas.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.worker.WorkerId;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the lease ledger. Key: the job's id, or {@link #tickKey} for ticks. A tombstone under
 * a job's id closes its lease.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LeaseRecord.Opened.class, name = "opened"),
  @JsonSubTypes.Type(value = LeaseRecord.Heartbeat.class, name = "heartbeat"),
  @JsonSubTypes.Type(value = LeaseRecord.Tick.class, name = "tick"),
})
public sealed interface LeaseRecord {
  /** Starts with a character that no job id starts with. */
  String TICK_KEY_PREFIX = "~tick-";

  static String tickKey(int partition) {
    return TICK_KEY_PREFIX + partition;
  }

  static boolean isTickKey(String key) {
    return key.startsWith(TICK_KEY_PREFIX);
  }

  /** Written by the coordinator when it assigns and when it renews a lease that had run out. */
  record Opened(Token token, long leaseSequence, WorkerId worker, Liveness liveness)
      implements LeaseRecord {
    public Opened {
      Require.present("token", token);
      Require.present("worker", worker);
      Require.present("liveness", liveness);
    }
  }

  /**
   * Written by the worker; under an older token than the open lease's it is ignored.
   *
   * @param liveness of the job: whoever missed the record that opened the lease, because the log
   *     was compacted meanwhile, can go on from here
   * @param progress how far the job says it is; null if it says nothing
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Heartbeat(
      Token token, WorkerId worker, Phase phase, Liveness liveness, @Nullable Progress progress)
      implements LeaseRecord {

    /** Without progress. */
    public Heartbeat(Token token, WorkerId worker, Phase phase, Liveness liveness) {
      this(token, worker, phase, liveness, null);
    }

    public Heartbeat {
      Require.present("token", token);
      Require.present("worker", worker);
      Require.present("phase", phase);
      Require.present("liveness", liveness);
    }
  }

  /**
   * Written by the owner of the partition's monitor task.
   *
   * @param incarnation grows with every owner; ticks of an older one than the newest seen are
   *     ignored
   * @param elapsedMs monotonic time since this incarnation's previous tick, capped at two ticks;
   *     zero in its first
   */
  record Tick(long incarnation, long elapsedMs) implements LeaseRecord {
    public Tick {
      Require.atLeast("elapsedMs", 0, elapsedMs);
    }
  }
}
