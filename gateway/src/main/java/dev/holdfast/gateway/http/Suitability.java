package dev.holdfast.gateway.http;

import dev.holdfast.gateway.fleet.Fleet;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Scheduling;
import dev.holdfast.schemas.worker.Presence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Why a job waits that no worker could run, however little there is to do. */
final class Suitability {
  private Suitability() {}

  /** What no worker has that is there now; empty if some worker has all that the job needs. */
  static Optional<String> lacking(JobSpec spec, String pool, Fleet fleet) {
    Instant now = fleet.now();
    List<Presence> present =
        fleet.workers().stream()
            .filter(seen -> !seen.silent(now))
            .map(Fleet.Seen::presence)
            .toList();
    if (present.isEmpty()) {
      return Optional.of("no worker is there");
    }
    List<Presence> inPool = present.stream().filter(worker -> serves(worker, pool)).toList();
    if (inPool.isEmpty()) {
      return Optional.of("no worker of the pool " + pool + " is there");
    }
    Scheduling scheduling = spec.schedulingOrNone();
    List<Presence> labelled =
        inPool.stream()
            .filter(
                worker -> worker.labels().entrySet().containsAll(scheduling.requires().entrySet()))
            .toList();
    if (labelled.isEmpty()) {
      return Optional.of(
          "no worker of the pool " + pool + " has the labels " + scheduling.requires());
    }
    if (spec.container() != null && labelled.stream().noneMatch(Presence::containers)) {
      return Optional.of("no worker that may run it can run containers now");
    }
    return labelled.stream().anyMatch(worker -> fits(worker, scheduling))
        ? Optional.empty()
        : Optional.of("no worker is as large as the resources that it asks for");
  }

  private static boolean serves(Presence worker, String pool) {
    return worker.pools().isEmpty()
        ? pool.equals(Scheduling.DEFAULT_POOL)
        : worker.pools().contains(pool);
  }

  private static boolean fits(Presence worker, Scheduling scheduling) {
    var asked = scheduling.resources();
    return asked == null
        || ((asked.cpus() == null || (worker.cpus() != null && asked.cpus() <= worker.cpus()))
            && (asked.memoryBytes() == null
                || (worker.memoryBytes() != null && asked.memoryBytes() <= worker.memoryBytes())));
  }
}
