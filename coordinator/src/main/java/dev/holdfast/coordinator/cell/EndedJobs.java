package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.JobId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers jobs that have ended, for a limited time. */
public interface EndedJobs {
  Optional<EndedJob> find(JobId id);

  void remember(EndedJob job);

  /** The twin for tests and simulations, which forgets nothing. */
  static EndedJobs inMemory() {
    Map<JobId, EndedJob> jobs = new HashMap<>();
    return new EndedJobs() {
      @Override
      public Optional<EndedJob> find(JobId id) {
        return Optional.ofNullable(jobs.get(id));
      }

      @Override
      public void remember(EndedJob job) {
        jobs.put(job.id(), job);
      }
    };
  }
}
