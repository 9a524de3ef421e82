package dev.holdfast.gateway.log;

import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.kafka.CellTopics;
import dev.holdfast.runtime.kafka.TopicMismatch;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the topics exist, on a thread of its own: the gateway serves without Kafka too.
 */
public final class TopicsReady implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopicsReady.class);
  private static final Duration TRY = Duration.ofMinutes(1);

  private final Admin admin;
  private final CellConfig cell;
  private final Thread thread;
  private volatile @Nullable String problem = "has not reached Kafka yet";

  public TopicsReady(Admin admin, CellConfig cell) {
    this.admin = admin;
    this.cell = cell;
    this.thread = Thread.ofVirtual().name("topics-ready").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        CellTopics.ensure(admin, cell, TRY);
        problem = null;
        return;
      } catch (TopicMismatch e) {
        problem = e.getMessage();
        log.error("{}", e.getMessage());
        return;
      } catch (KafkaException e) {
        problem = "the topics of cell " + cell.cell() + " are not there yet: " + e.getMessage();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
