package dev.holdfast.runtime.kafka;

import static java.util.Objects.requireNonNull;

import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.schemas.topic.CellTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics of a cell exist as the catalogue says. Every process calls this at start;
 * several at once do no harm.
 */
public final class CellTopics {
  private static final Logger log = LoggerFactory.getLogger(CellTopics.class);

  private CellTopics() {}

  /**
   * Waits for the broker, and for as many as are to hold each topic; creates the topics that are
   * missing, checks those that are there.
   *
   * @throws TopicMismatch if a topic has other partitions, fewer copies or, where promises depend
   *     on it, another setting; the settings that only cost time or disk are warned of
   * @throws TimeoutException if no broker answered for {@code atMost}
   * @throws InvalidReplicationFactorException if too few did
   */
  public static void ensure(Admin admin, CellConfig cell, Duration atMost)
      throws InterruptedException {
    long giveUpAt = System.nanoTime() + atMost.toNanos();
    while (true) {
      try {
        create(admin, cell);
        check(admin, cell);
        return;
      } catch (ExecutionException e) {
        if (!mayPass(e.getCause()) || System.nanoTime() > giveUpAt) {
          throw failure(e, cell.cell());
        }
        log.info("waiting for Kafka: {}", String.valueOf(e.getCause()));
        Thread.sleep(100);
      }
    }
  }

  private static boolean mayPass(@Nullable Throwable failure) {
    return failure instanceof RetriableException
        || failure instanceof InvalidReplicationFactorException;
  }

  private static RuntimeException failure(ExecutionException e, String cell) {
    return e.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException("the topics of cell " + cell + " could not be made ready", e);
  }

  private static void create(Admin admin, CellConfig cell)
      throws ExecutionException, InterruptedException {
    var existing = admin.listTopics().names().get();
    List<NewTopic> missing =
        Arrays.stream(CellTopic.values())
            .filter(topic -> !existing.contains(topic.in(cell.cell())))
            .map(topic -> topic(topic, cell))
            .toList();
    for (var creation : admin.createTopics(missing).values().entrySet()) {
      try {
        creation.getValue().get();
        log.info("created topic {}", creation.getKey());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  private static NewTopic topic(CellTopic topic, CellConfig cell) {
    var settings = new HashMap<>(topic.settings());
    cell.minInSync().ifPresent(least -> settings.put("min.insync.replicas", least.toString()));
    return new NewTopic(
            topic.in(cell.cell()),
            Optional.of(topic.partitions()),
            cell.replication().map(Integer::shortValue))
        .configs(settings);
  }

  private static void check(Admin admin, CellConfig cell)
      throws ExecutionException, InterruptedException {
    List<String> names =
        Arrays.stream(CellTopic.values()).map(topic -> topic.in(cell.cell())).toList();
    Map<String, TopicDescription> found = admin.describeTopics(names).allTopicNames().get();
    Map<String, Config> settings = new HashMap<>();
    admin
        .describeConfigs(
            names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .collect(Collectors.toList()))
        .all()
        .get()
        .forEach((resource, config) -> settings.put(resource.name(), config));
    var problems = new ArrayList<String>();
    for (CellTopic topic : CellTopic.values()) {
      String name = topic.in(cell.cell());
      List<TopicPartitionInfo> there = requireNonNull(found.get(name)).partitions();
      int partitions = there.size();
      int copies = there.stream().mapToInt(each -> each.replicas().size()).min().orElse(0);
      if (copies < cell.replication().orElse(1)) {
        problems.add(
            name + " has " + copies + " replicas instead of " + cell.replication().orElseThrow());
      }
      if (partitions != topic.partitions()) {
        problems.add(name + " has " + partitions + " partitions instead of " + topic.partitions());
      }
      for (SettingMismatch mismatch :
          SettingMismatch.of(topic, name, requireNonNull(settings.get(name)))) {
        if (mismatch.breaksPromises()) {
          problems.add(mismatch.toString());
        } else {
          log.warn("{}", mismatch);
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new TopicMismatch(
          String.join("; ", problems) + ". Correct them, or choose another HOLDFAST_CELL.");
    }
  }
}
