package dev.holdfast.worker.kafka;

import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.runtime.kafka.Partitions;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.topic.CellTopic;
import dev.holdfast.schemas.topic.DeadLetter;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.order.DeadLetters;
import dev.holdfast.worker.order.OrderLoop.OrderSource;
import dev.holdfast.worker.output.BlobStore;
import dev.holdfast.worker.output.OutputLog;
import dev.holdfast.worker.report.Announcements;
import dev.holdfast.worker.report.Beats;
import dev.holdfast.worker.report.Reports;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** All ways between one worker and its cell's topics. */
public final class KafkaLinks implements AutoCloseable {
  private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration OUTPUT_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration BLOCKED_AT_MOST = Duration.ofSeconds(5);
  private static final Duration BEAT_BLOCKED_AT_MOST = Duration.ofMillis(50);
  private static final Duration CLOSING_AT_MOST = Duration.ofSeconds(2);

  private final KafkaClients clients;
  private final String cell;
  private final WorkerId worker;
  private final Producer<String, byte[]> beats;
  private final Producer<String, byte[]> reports;
  private final Producer<String, byte[]> output;

  /** Opens the producers; works without a broker, though nothing gets through then. */
  public KafkaLinks(CellConfig config, WorkerId worker) {
    this.clients = new KafkaClients(config.bootstrap());
    this.cell = config.cell();
    this.worker = worker;
    this.beats =
        clients.producer(
            worker + "-beats", config.liveness().deliveryTimeout(), BEAT_BLOCKED_AT_MOST);
    this.reports = clients.producer(worker + "-reports", REPORT_TIMEOUT, BLOCKED_AT_MOST);
    this.output = clients.producer(worker + "-output", OUTPUT_TIMEOUT, OUTPUT_TIMEOUT);
  }

  public Reports reports() {
    String topic = CellTopic.REPORTS.in(cell);
    return report -> Sending.send(reports, topic, report.key(), Serdes.REPORT.write(report));
  }

  public Announcements announcements() {
    String topic = CellTopic.WORKERS.in(cell);
    return presence ->
        Sending.send(reports, topic, worker.value(), Serdes.PRESENCE.write(presence));
  }

  public Beats beats() {
    String topic = CellTopic.HEARTBEATS.in(cell);
    return (job, heartbeat) ->
        Sending.send(beats, topic, job.value(), Serdes.LEASE.write(heartbeat));
  }

  public OutputLog output() {
    String topic = CellTopic.OUTPUT.in(cell);
    return (job, chunk) -> Sending.send(output, topic, job.value(), Serdes.OUTPUT.write(chunk));
  }

  public BlobStore blobs() {
    return new KafkaBlobStore(output, () -> clients.consumer(worker + "-blobs", null), cell);
  }

  public DeadLetters deadLetters() {
    return this::bury;
  }

  private void bury(ConsumerRecord<String, byte[]> record, String reason) {
    Sending.send(reports, letter(cell, record, reason));
  }

  static ProducerRecord<String, byte[]> letter(
      String cell, ConsumerRecord<String, byte[]> record, String reason) {
    var position = new DeadLetter.Position(record.topic(), record.partition(), record.offset());
    DeadLetter letter = DeadLetter.of(position, record.key(), record.value(), reason);
    var aside =
        new ProducerRecord<String, byte[]>(
            CellTopic.DEAD_LETTERS.in(cell), letter.key(), letter.value());
    letter.eachHeader(aside.headers()::add);
    return aside;
  }

  /** A new consumer of this worker's partition of the orders topic, in a group of its own. */
  public OrderSource orders() {
    String group = "holdfast." + cell + ".worker." + worker;
    int partition = Partitions.of(worker.value(), CellTopic.ORDERS.partitions());
    return new OrderSource(
        clients.consumer(worker + "-orders", group),
        new TopicPartition(CellTopic.ORDERS.in(cell), partition));
  }

  /** For making the topics at start. */
  public KafkaClients clients() {
    return clients;
  }

  @Override
  public void close() {
    beats.close(Duration.ZERO);
    reports.close(CLOSING_AT_MOST);
    output.close(CLOSING_AT_MOST);
  }
}
