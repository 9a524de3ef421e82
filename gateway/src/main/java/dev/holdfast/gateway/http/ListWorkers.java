package dev.holdfast.gateway.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.gateway.fleet.Fleet;
import dev.holdfast.gateway.view.CellQueries;
import dev.holdfast.gateway.view.JobQueries;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.job.Scheduling;
import dev.holdfast.schemas.worker.DiskSpace;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.schemas.worker.Unavailability;
import dev.holdfast.schemas.worker.WorkerId;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/workers}. */
final class ListWorkers implements Operation {
  private final Fleet fleet;
  private final JobQueries jobs;
  private final CellQueries cell;
  private final Blocking blocking;

  ListWorkers(Views views, Blocking blocking) {
    this.fleet = views.fleet();
    this.jobs = views.jobs();
    this.cell = views.cell();
    this.blocking = blocking;
  }

  /** See {@code Worker} in openapi.yaml. */
  record WorkerAnswer(
      WorkerId id,
      String host,
      long pid,
      int slots,
      int free,
      int running,
      boolean draining,
      boolean silent,
      long incarnation,
      Instant startedAt,
      Instant lastSeen,
      boolean containers,
      List<String> pools,
      SortedMap<String, String> labels,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double cpus,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Long memoryBytes,
      List<Unavailability> unavailable,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable DiskSpace disk) {}

  @Override
  public String id() {
    return "listWorkers";
  }

  @Override
  public void handle(RoutingContext call) {
    blocking
        .query(this::workers)
        .onSuccess(workers -> Reply.json(call, 200, Map.of("workers", workers)))
        .onFailure(call::fail);
  }

  private List<WorkerAnswer> workers() {
    Map<WorkerId, Integer> held = jobs.held();
    Instant now = fleet.now();
    return fleet.workers().stream()
        .map(seen -> {
          WorkerId worker = seen.presence().worker();
          boolean drained = cell.control(new Control.Drain(worker).key()).isPresent();
          return answer(seen, held.getOrDefault(worker, 0), drained, now);
        })
        .toList();
  }

  private static WorkerAnswer answer(Fleet.Seen seen, int running, boolean drained, Instant now) {
    Presence presence = seen.presence();
    boolean silent = seen.silent(now);
    return new WorkerAnswer(
        presence.worker(),
        presence.host(),
        presence.pid(),
        presence.slots(),
        silent || drained ? 0 : Math.max(0, presence.slots() - running),
        running,
        presence.draining() || drained,
        silent,
        presence.incarnation(),
        presence.startedAt(),
        seen.at(),
        presence.containers(),
        presence.pools().isEmpty() ? List.of(Scheduling.DEFAULT_POOL) : presence.pools(),
        presence.labels(),
        presence.cpus(),
        presence.memoryBytes(),
        presence.unavailable(),
        presence.disk());
  }
}
