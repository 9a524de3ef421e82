package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Waiting;
import dev.holdfast.schemas.job.JobId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Jobs that wait for an instant, the next one first. */
final class Timers {
  private record Timer(Instant until, JobId job) {}

  private final TreeSet<Timer> timers =
      new TreeSet<>(Comparator.comparing(Timer::until).thenComparing(timer -> timer.job().value()));

  void add(Job job, Waiting waiting) {
    of(job, waiting).forEach(timers::add);
  }

  void remove(Job job, Waiting waiting) {
    of(job, waiting).forEach(timers::remove);
  }

  Optional<Instant> next() {
    return timers.isEmpty() ? Optional.empty() : Optional.of(timers.first().until());
  }

  /** Those whose instant has come, at most so many. */
  List<JobId> due(Instant now, int most) {
    return timers.stream()
        .takeWhile(timer -> !now.isBefore(timer.until()))
        .limit(most)
        .map(Timer::job)
        .toList();
  }

  private static Stream<Timer> of(Job job, Waiting waiting) {
    Instant until = waiting.until();
    return until == null ? Stream.empty() : Stream.of(new Timer(until, job.id()));
  }
}
