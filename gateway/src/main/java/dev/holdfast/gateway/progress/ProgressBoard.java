package dev.holdfast.gateway.progress;

import dev.holdfast.gateway.fleet.LogTime;
import dev.holdfast.gateway.log.LogIdentity;
import dev.holdfast.gateway.log.LogSink;
import dev.holdfast.gateway.log.Subscribers;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest progress of each job. Written by its tail's thread, read by many. */
public final class ProgressBoard implements LogSink {
  private static final Logger log = LoggerFactory.getLogger(ProgressBoard.class);

  private final Subscribers<JobId, Progress> subscribers;
  private final LogTime time;
  private final Map<String, Told> jobs = new ConcurrentHashMap<>();

  /** Both owned by the tail's thread. */
  private final Map<Integer, Long> positions = new HashMap<>();

  private @Nullable LogIdentity identity;

  /**
   * Empty at first.
   *
   * @param subscribers told of each progress that is news
   * @param time moved on by every record, the monitor's ticks above all
   */
  public ProgressBoard(Subscribers<JobId, Progress> subscribers, LogTime time) {
    this.subscribers = subscribers;
    this.time = time;
  }

  private record Told(Token token, Progress progress) {}

  /** What the attempt of this token says; empty if it says nothing. */
  public Optional<Progress> of(JobId job, Token token) {
    return Optional.ofNullable(jobs.get(job.value()))
        .filter(told -> told.token().equals(token))
        .map(Told::progress);
  }

  @Override
  public Optional<LogIdentity> identity() {
    return Optional.ofNullable(identity);
  }

  @Override
  public void reset(LogIdentity next) {
    jobs.clear();
    positions.clear();
    identity = next;
  }

  @Override
  public Map<Integer, Long> positions() {
    return Map.copyOf(positions);
  }

  @Override
  public boolean intact() {
    return true;
  }

  @Override
  public void apply(List<ConsumerRecord<String, byte[]>> batch, Map<Integer, Long> next) {
    for (ConsumerRecord<String, byte[]> record : batch) {
      time.seen(record.timestamp());
      if (record.value() == null) {
        jobs.remove(record.key());
      } else if (!LeaseRecord.isTickKey(record.key())) {
        take(record);
      }
    }
    positions.putAll(next);
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    try {
      if (Serdes.LEASE.read(record.value()) instanceof LeaseRecord.Heartbeat heartbeat) {
        take(new JobId(record.key()), heartbeat);
      }
    } catch (InvalidField e) {
      // The monitor is the one to complain: it depends on them.
      log.debug("heartbeat of job {} cannot be read: {}", record.key(), e.getMessage());
    }
  }

  private void take(JobId job, LeaseRecord.Heartbeat heartbeat) {
    Progress progress = heartbeat.progress();
    Told known = jobs.get(job.value());
    if (progress == null || (known != null && known.token().compareTo(heartbeat.token()) > 0)) {
      return;
    }
    var told = new Told(heartbeat.token(), progress);
    if (!told.equals(known)) {
      jobs.put(job.value(), told);
      subscribers.tell(job, progress);
    }
  }
}
