package dev.holdfast.schemas.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.Require;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
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
 * @param pools whose jobs it runs; that of the name {@code default} alone if empty
 * @param labels that jobs may require
 * @param cpus processors that jobs may request in all; null if it cannot tell
 * @param memoryBytes memory that jobs may request in all; null if it cannot tell
 * @param mirrors URLs of repositories that it holds already, the most recently used first
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
    @Nullable DiskSpace disk,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> pools,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) SortedMap<String, String> labels,
    @Nullable Double cpus,
    @Nullable Long memoryBytes,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> mirrors) {

  /** Of a worker like any other: no labels, no pools of its own. */
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
      long intervalMs,
      boolean containers,
      List<Unavailability> unavailable,
      @Nullable DiskSpace disk) {
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
        containers,
        unavailable,
        disk,
        List.of(),
        new TreeMap<>(),
        null,
        null,
        List.of());
  }

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
    pools = pools == null ? List.of() : List.copyOf(pools);
    labels =
        labels == null ? new TreeMap<>() : Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    mirrors = mirrors == null ? List.of() : List.copyOf(mirrors);
  }
}
