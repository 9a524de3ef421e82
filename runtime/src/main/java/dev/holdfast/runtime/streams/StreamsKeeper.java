package dev.holdfast.runtime.streams;

import dev.holdfast.runtime.retry.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a topology running until it is closed. A thread that fails is replaced; where even that
 * fails (no thread can be made while the broker's name does not resolve, say) Kafka Streams as a
 * whole is begun again.
 */
public final class StreamsKeeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamsKeeper.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
  private static final Duration CALM = Duration.ofMinutes(1);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

  private final Supplier<Topology> topology;
  private final Properties settings;
  private final Optional<StateRestoreListener> restoring;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final Thread keeper;
  private volatile @Nullable KafkaStreams running;

  private StreamsKeeper(
      String name,
      Supplier<Topology> topology,
      Properties settings,
      Optional<StateRestoreListener> restoring) {
    this.topology = topology;
    this.settings = settings;
    this.restoring = restoring;
    this.keeper = Thread.ofPlatform().name(name + "-keeper").unstarted(this::keep);
  }

  /**
   * Starts a topology whose source topics exist, and goes on through outages of any length.
   *
   * @param topology asked for a new one each time Kafka Streams is begun
   */
  public static StreamsKeeper start(String name, Supplier<Topology> topology, Properties settings) {
    return start(new StreamsKeeper(name, topology, settings, Optional.empty()));
  }

  /** The same, and tells a listener whenever a task has come to this process. */
  public static StreamsKeeper start(
      String name,
      Supplier<Topology> topology,
      Properties settings,
      StateRestoreListener restoring) {
    return start(new StreamsKeeper(name, topology, settings, Optional.of(restoring)));
  }

  private static StreamsKeeper start(StreamsKeeper keeper) {
    keeper.keeper.start();
    return keeper;
  }

  /** Why the topology is not being run by this process; empty if it is. */
  public Optional<String> problem() {
    KafkaStreams now = running;
    if (now == null) {
      return Optional.of("Kafka Streams is not running");
    }
    return now.state() == KafkaStreams.State.RUNNING
        ? Optional.empty()
        : Optional.of("Kafka Streams is " + now.state());
  }

  /** Hands the partitions over and ends. */
  @Override
  public void close() {
    closing.complete(null);
    try {
      keeper.join(CLOSE_WITHIN.plusSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keep() {
    for (int failures = 1; !closing.isDone(); failures++) {
      try {
        run();
      } catch (RuntimeException e) {
        log.warn("Kafka Streams did not start; trying again", e);
      }
      Duration delay = BACKOFF.after(failures, ThreadLocalRandom.current().nextDouble());
      closing.copy().completeOnTimeout(null, delay.toNanos(), TimeUnit.NANOSECONDS).join();
    }
  }

  /** Returns when Kafka Streams has given up or this is closed. */
  private void run() {
    var failed = new CompletableFuture<Void>();
    var streams = new KafkaStreams(topology.get(), settings);
    try (var replacement = new ThreadReplacement(BACKOFF, CALM)) {
      streams.setUncaughtExceptionHandler(replacement);
      restoring.ifPresent(streams::setGlobalStateRestoreListener);
      streams.setStateListener((now, before) -> {
        log.info("Kafka Streams is {}", now);
        if (now == KafkaStreams.State.ERROR) {
          failed.complete(null);
        }
      });
      streams.start();
      running = streams;
      CompletableFuture.anyOf(closing, failed).join();
    } finally {
      running = null;
      // Leaving the group lets another process take over at once instead of after the session.
      streams.close(
          CloseOptions.timeout(CLOSE_WITHIN)
              .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    }
  }
}
