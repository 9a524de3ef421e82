package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.JobResult.Changes;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.job.JobState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells a job that failed while its worker's disk was full that this may be why. */
final class FullDiskNote {
  private FullDiskNote() {}

  static @Nullable JobResult on(
      @Nullable JobResult result, Outcome outcome, Dossier dossier, Links links) {
    if (outcome.state() != JobState.FAILED) {
      return result;
    }
    Optional<String> full =
        links.machine().disk().wasFullSince(dossier.directory().facts().takenAt());
    return full.isPresent() ? with(result, full.get()) : result;
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
