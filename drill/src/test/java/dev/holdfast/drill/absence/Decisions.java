package dev.holdfast.drill.absence;

import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.topic.CellTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** All that was decided in a cell, as a reader of committed events comes to see it. */
final class Decisions implements AutoCloseable {
  /** One event, and when it was seen here. */
  record Seen(JobEvent event, Instant seenAt) {}

  private final Consumer<String, byte[]> consumer;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Thread thread;

  Decisions(String bootstrap) {
    consumer = new KafkaClients(bootstrap).consumer("drill-decisions", null);
    var partition = new TopicPartition(CellTopic.EVENTS.in("main"), 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    thread = Thread.ofPlatform().name("drill-decisions").start(this::read);
  }

  private void read() {
    try (consumer) {
      while (true) {
        var events = new ArrayList<Seen>();
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          events.add(new Seen(Serdes.EVENT.read(record.value()), Instant.now()));
        }
        seen.addAll(events);
      }
    } catch (WakeupException e) {
      return;
    }
  }

  Stream<JobEvent> events() {
    return seen.stream().map(Seen::event);
  }

  <T extends JobEvent> Stream<T> events(Class<T> type) {
    return events().filter(type::isInstance).map(type::cast);
  }

  boolean have(JobId job, Predicate<JobEvent> such) {
    return events().anyMatch(event -> event.job().equals(job) && such.test(event));
  }

  /** The first that was both decided and seen after a moment. */
  Optional<Seen> firstAfter(Instant moment) {
    return seen.stream().filter(each -> each.event().at().isAfter(moment)).findFirst();
  }

  /** What was decided twice or out of order, of jobs that have all ended in success. */
  List<String> broken(Collection<JobId> jobs) {
    Map<JobId, List<JobEvent>> histories = events().collect(Collectors.groupingBy(JobEvent::job));
    var broken = new ArrayList<String>();
    for (JobId job : jobs) {
      List<JobEvent> history = histories.getOrDefault(job, List.of());
      judge(history).ifPresent(problem -> broken.add(job + ": " + problem + " in " + history));
    }
    return broken;
  }

  private static Optional<String> judge(List<JobEvent> history) {
    List<JobEvent.Assigned> assigned = of(history, JobEvent.Assigned.class);
    List<JobEvent.Ended> ended = of(history, JobEvent.Ended.class);
    if (of(history, JobEvent.Submitted.class).size() != 1) {
      return Optional.of("not submitted once");
    }
    if (ended.size() != 1 || !history.getLast().equals(ended.getFirst())) {
      return Optional.of("not ended once, and last");
    }
    Set<Token> unstarted =
        of(history, JobEvent.Requeued.class).stream()
            .filter(requeued -> !requeued.reason().costsAttempt())
            .map(JobEvent.Requeued::token)
            .collect(Collectors.toSet());
    int attempt = 1;
    for (int i = 0; i < assigned.size(); i++) {
      if (assigned.get(i).attempt() != attempt) {
        return Optional.of("attempt " + attempt + " is missing or there twice");
      }
      // One that was handed back unstarted is followed by one of its number.
      attempt += unstarted.contains(assigned.get(i).token()) ? 0 : 1;
      if (i > 0 && assigned.get(i).token().compareTo(assigned.get(i - 1).token()) <= 0) {
        return Optional.of("tokens do not grow");
      }
    }
    return !assigned.isEmpty() && ended.getFirst().token().equals(assigned.getLast().token())
        ? Optional.empty()
        : Optional.of("not ended by the newest attempt");
  }

  private static <T extends JobEvent> List<T> of(List<JobEvent> history, Class<T> type) {
    return history.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public void close() throws InterruptedException {
    consumer.wakeup();
    thread.join();
  }
}
