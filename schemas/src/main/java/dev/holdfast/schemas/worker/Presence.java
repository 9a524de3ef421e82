package dev.holdfast.schemas.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.Require;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker's announcement of itself, every few seconds and on change. Key: the worker's id.
 *
 * <p>Presence is the claim, assignment is the grant: an assignment answers one presence, and the
 * worker counts the lease from when it sent that one.
 *
 * @param incarnation grows with every start of the worker
 * @param sequence grows with every presence of an incarnation
 * @param slots how many attempts of current tokens the worker can hold; zero while it drains
 * @param running how many attempts live on its disk, superseded ones included
 * @param host name of the machine
 * @param pid of the worker's JVM
 * @param startedAt by the worker's clock
 * @param intervalMs how often it announces itself
 * @param containers whether it can run jobs in containers now
 * @param unavailable what it cannot offer for the time being
 * @param disk null if it cannot tell
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Presence(
    WorkerId worker,
    long incarnation,
    long sequence,
    int slots,
    int running,
    boolean draining,
    String host,
    long pid,
    Instant startedAt,
    long intervalMs,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean containers,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Unavailability> unavailable,
    @Nullable DiskSpace disk) {

  /** Of a worker that lacks nothing but an engine for containers. */
  public Presence(
      WorkerId worker,
      long incarnation,
      long sequence,
      int slots,
      int running,
      boolean draining,
      String host,
      long pid,
      Instant startedAt,
      long intervalMs) {
    this(
        worker,
        incarnation,
        sequence,
        slots,
        running,
        draining,
        host,
        pid,
        startedAt,
        intervalMs,
        false,
        List.of(),
        null);
  }

  public Presence {
    Require.present("worker", worker);
    Require.present("startedAt", startedAt);
    Require.atLeast("slots", 0, slots);
    Require.atLeast("intervalMs", 1, intervalMs);
    unavailable = unavailable == null ? List.of() : List.copyOf(unavailable);
  }
}
