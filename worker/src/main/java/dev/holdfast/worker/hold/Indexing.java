package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.index.CodeIndexes;
import dev.holdfast.worker.index.IndexForJob;
import dev.holdfast.worker.index.Patience;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets an attempt the index that its job asks for, before it starts; no job fails for it. */
record Indexing(CodeIndexes indexes, Dossier dossier, @Nullable IndexKind kind) {
  private static final Logger log = LoggerFactory.getLogger(Indexing.class);

  /** Of the time that a job has to be made ready, so much is left for its start. */
  private static final int LEFT_FOR_THE_START = 10;

  static Indexing of(CodeIndexes indexes, Dossier dossier) {
    RepositoryRef repository = dossier.assigned().spec().repository();
    return new Indexing(indexes, dossier, repository == null ? null : repository.index());
  }

  /** What the job's environment says of its index; nothing if it asked for none. */
  SortedMap<String, String> offer(Optional<PreparedWorkspace> workspace, Step step)
      throws InterruptedException {
    if (kind == null || workspace.isEmpty() || step.givenUp()) {
      return new TreeMap<>();
    }
    dossier.enter(Phase.INDEXING);
    IndexForJob index =
        indexes.ready(
            kind,
            workspace.get(),
            dossier.directory().path(),
            Patience.of(patience(), step::givenUp));
    switch (index) {
      case IndexForJob.Ready ready ->
          ready
              .notes()
              .forEach(note -> log.info("index of job {}: {}", dossier.assigned().job(), note));
      case IndexForJob.None none -> {
        if (!step.givenUp()) {
          log.warn("job {} runs without its index: {}", dossier.assigned().job(), none.why());
        }
      }
    }
    return index.environment();
  }

  private Duration patience() {
    Duration prepare = dossier.assigned().spec().timeouts().prepare();
    if (prepare == null) {
      return indexes.longestWait();
    }
    Duration used = Duration.between(dossier.directory().facts().takenAt(), Instant.now());
    Duration left = prepare.minus(prepare.dividedBy(LEFT_FOR_THE_START)).minus(used);
    Duration wait = left.isNegative() ? Duration.ZERO : left;
    return wait.compareTo(indexes.longestWait()) < 0 ? wait : indexes.longestWait();
  }
}
