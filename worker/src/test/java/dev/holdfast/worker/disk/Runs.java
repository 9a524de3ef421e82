package dev.holdfast.worker.disk;

import dev.holdfast.schemas.attempt.Order.Assigned;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.process.BootClock;
import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.run.RunFacts;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Run directories for tests. */
final class Runs {
  private Runs() {}

  static RunDirectory make(RunDirectories runs, String job, @Nullable RepositoryRef repository)
      throws IOException {
    var spec = new JobSpec(List.of("true"), null, repository, null, null, null, null, null);
    var assigned = new Assigned(new WorkerId("w-1"), 1, 1, new JobId(job), 1, new Token(1), spec);
    return runs.create(
        new RunFacts(assigned, RunFacts.PROCESS, BootClock.bootId(), Instant.EPOCH),
        directory -> {});
  }
}
