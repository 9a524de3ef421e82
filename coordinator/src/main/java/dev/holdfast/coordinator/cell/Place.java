package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.QueueRank;
import java.util.Comparator;

/** A job's place in an order that never changes: by rank, then in the order of submission. */
record Place(long rank, long sequence, JobId job) implements Comparable<Place> {
  private static final Comparator<Place> ORDER =
      Comparator.comparingLong(Place::rank).thenComparingLong(Place::sequence);

  static Place of(Job job) {
    return new Place(
        QueueRank.of(job.spec().priority(), job.submittedAt()), job.sequence(), job.id());
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
