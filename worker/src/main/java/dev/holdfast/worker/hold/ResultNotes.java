package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.JobResult.Changes;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.job.JobState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a result says about the end of its attempt, beside what the attempt left. */
final class ResultNotes {
  private ResultNotes() {}

  /** Tells a job that failed while its worker's disk was full that this may be why. */
  static @Nullable JobResult ofFullDisk(
      @Nullable JobResult result, Outcome outcome, Dossier dossier, Links links) {
    if (outcome.state() != JobState.FAILED) {
      return result;
    }
    Optional<String> full =
        links.machine().disk().wasFullSince(dossier.directory().facts().takenAt());
    return full.isPresent() ? with(result, full.get()) : result;
  }

  /** Nobody is to believe that all of it has ended when it has not. */
  static @Nullable JobResult ofSurvivors(@Nullable JobResult result, long survivors) {
    return survivors == 0 ? result : with(result, survived(survivors));
  }

  static String survived(long survivors) {
    return "%d of its processes could not be ended, not even by KILL; its worker goes on trying"
        .formatted(survivors);
  }

  private static JobResult with(@Nullable JobResult result, String words) {
    Changes known = result == null ? null : result.changes();
    Changes noted =
        known == null
            ? new Changes("", "", 0, 0, 0, 0, 0, 0, words)
            : new Changes(
                known.base(),
                known.head(),
                known.commits(),
                known.filesChanged(),
                known.insertions(),
                known.deletions(),
                known.uncommittedFiles(),
                known.leftOut(),
                known.note().isEmpty() ? words : known.note() + "; " + words);
    return new JobResult(result == null ? List.of() : result.files(), noted);
  }
}
