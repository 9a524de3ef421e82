package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Who takes part: the hosts, one worker on each, and what the jobs really do. */
record Cast(SortedMap<WorkerId, Host> hosts, Map<JobId, Work> works, Wellness path) {
  Cast(Wellness path) {
    this(new TreeMap<>(), new TreeMap<>(), path);
  }

  Host host(WorkerId worker) {
    return find(hosts, worker);
  }

  Work work(JobId job) {
    return find(works, job);
  }

  /** For how long a worker has been able to do all that is expected of it, and be heard. */
  long wellForMs(WorkerId worker) {
    return Math.min(path.wellForMs(), host(worker).wellness().wellForMs());
  }

  private static <K, V> V find(Map<K, V> known, K id) {
    V found = known.get(id);
    if (found == null) {
      throw new IllegalArgumentException("expected " + id + " among " + known.keySet());
    }
    return found;
  }
}
