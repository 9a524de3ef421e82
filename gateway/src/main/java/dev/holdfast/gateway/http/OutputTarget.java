package dev.holdfast.gateway.http;

import dev.holdfast.gateway.output.StreamKey;
import dev.holdfast.gateway.view.JobView;
import dev.holdfast.schemas.attempt.OutputStreamName;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Whose output is read, and what is certain about its length.
 *
 * @param total length of the whole stream; null while nobody knows
 * @param endedAt when the job ended with this attempt's outcome; null if it did not
 * @param superseded whether the attempt lost its lease without an outcome
 */
record OutputTarget(
    StreamKey key,
    int attempt,
    @Nullable Long total,
    @Nullable Instant endedAt,
    boolean superseded) {

  /** The attempt of a number, or the newest; empty if there is none. */
  static Optional<OutputTarget> of(
      JobView job, @Nullable Integer attempt, OutputStreamName stream) {
    return (attempt == null ? job.newest() : job.attempt(attempt))
        .map(found -> of(job, found, stream));
  }

  private static OutputTarget of(JobView job, JobView.Attempt attempt, OutputStreamName stream) {
    var key = new StreamKey(job.id(), attempt.token(), stream);
    JobView.End end = job.end();
    JobView.End decided = end != null && attempt.token().equals(end.token()) ? end : null;
    Long total =
        decided != null && decided.output() != null
            ? (Long) decided.output().of(stream).bytes()
            : null;
    return new OutputTarget(
        key,
        attempt.attempt(),
        total,
        decided == null ? null : decided.at(),
        decided == null && attempt.endedAt() != null);
  }

  OptionalLong length() {
    return total == null ? OptionalLong.empty() : OptionalLong.of(total);
  }
}
