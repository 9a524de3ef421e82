package dev.holdfast.drill.absence;

import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.schemas.topic.CellTopic;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Submits jobs that do nothing, one after the other, whoever is there to decide on them. */
final class Traffic implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(40);

  private final Producer<String, byte[]> producer;
  private final String name;
  private final List<JobId> jobs = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  Traffic(String bootstrap, String name) {
    this.producer = new KafkaClients(bootstrap).producer("drill-traffic", Duration.ofMinutes(1));
    this.name = name;
    timer.scheduleAtFixedRate(this::submit, 0, PACE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void submit() {
    var job = new JobId(name + "-" + jobs.size());
    var spec =
        new JobSpec(
            List.of(),
            "noop",
            null,
            new TreeMap<>(),
            new TreeMap<>(),
            JobSpec.DEFAULT_PRIORITY,
            Timeouts.NONE,
            null);
    byte[] command = Serdes.COMMAND.write(new JobCommand.Submit(job, spec, "drill", null));
    producer.send(new ProducerRecord<>(CellTopic.COMMANDS.in("main"), job.value(), command));
    jobs.add(job);
  }

  /** Those submitted so far. */
  List<JobId> jobs() {
    return List.copyOf(jobs);
  }

  /** Ends the submissions; all that were made are in the log then. */
  @Override
  public void close() {
    timer.close();
    producer.close();
  }
}
