package dev.holdfast.gateway.command;

import dev.holdfast.gateway.log.Subscribers;
import dev.holdfast.schemas.codec.SpecDigest;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Submissions that Kafka has and that the view does not show yet, the newest of them. Only a
 * convenience: what is forgotten here is still in Kafka. Safe for use by many threads.
 */
public final class Accepted {
  private static final int MOST = 10_000;

  private final Subscribers<JobId, JobEvent> events;

  /** Guarded by this; oldest first. */
  private final Map<JobId, Entry> entries = new LinkedHashMap<>();

  public Accepted(Subscribers<JobId, JobEvent> events) {
    this.events = events;
  }

  /** A job that was handed to Kafka. */
  public record Waiting(JobId id, JobSpec spec, String specDigest, Instant at) {}

  public synchronized Optional<Waiting> find(JobId id) {
    return Optional.ofNullable(entries.get(id)).map(Entry::waiting);
  }

  /** The newest first. */
  public synchronized List<Waiting> newest(int limit) {
    var all = new ArrayList<>(entries.values()).reversed();
    return all.stream().limit(limit).map(Entry::waiting).toList();
  }

  /** Notes a job until its submission is decided. */
  void add(JobId id, JobSpec spec, Instant at) {
    var listening = events.listen(id, event -> decided(id, event));
    @Nullable Entry replaced;
    @Nullable Entry oldest = null;
    synchronized (this) {
      replaced =
          entries.put(id, new Entry(new Waiting(id, spec, SpecDigest.of(spec), at), listening));
      if (entries.size() > MOST) {
        oldest = entries.remove(entries.keySet().iterator().next());
      }
    }
    close(replaced);
    close(oldest);
  }

  void remove(JobId id) {
    @Nullable Entry removed;
    synchronized (this) {
      removed = entries.remove(id);
    }
    close(removed);
  }

  private void decided(JobId id, JobEvent event) {
    if (event instanceof JobEvent.Submitted
        || (event instanceof JobEvent.CommandRejected rejected
            && rejected.command().equals("submit"))) {
      remove(id);
    }
  }

  private static void close(@Nullable Entry entry) {
    if (entry != null) {
      entry.listening().close();
    }
  }

  private record Entry(Waiting waiting, Subscribers.Subscription listening) {}
}
