package dev.holdfast.monitor.stream;

import static dev.holdfast.monitor.liveness.LeaseFixtures.TICK;
import static dev.holdfast.monitor.liveness.LeaseFixtures.heartbeat;
import static dev.holdfast.monitor.liveness.LeaseFixtures.opened;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobCommand.FlagLate;
import dev.holdfast.schemas.job.JobCommand.FlagOnTime;
import dev.holdfast.schemas.job.JobCommand.FlagStale;
import dev.holdfast.schemas.job.JobCommand.RequeueStale;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import dev.holdfast.schemas.topic.CellTopic;
import dev.holdfast.schemas.topic.DeadLetter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One partition; the driver feeds the ticks back, as the topic does. */
class MonitorTopologyTest {
  private static final String CELL = "test";
  private static final JobId JOB = new JobId("job-1");
  private static final Token TOKEN = new Token(4);

  private final MeterRegistry metrics = new SimpleMeterRegistry();
  private final MonitorFigures figures = new MonitorFigures(metrics);
  private long nanos = 77;
  private final TopologyTestDriver driver =
      new TopologyTestDriver(
          MonitorTopology.build(CELL, TICK, () -> nanos, figures), new Properties(), Instant.EPOCH);
  private final TestInputTopic<String, byte[]> ledger =
      driver.createInputTopic(
          CellTopic.HEARTBEATS.in(CELL), new StringSerializer(), new ByteArraySerializer());
  private final TestOutputTopic<String, byte[]> ticks = output(CellTopic.HEARTBEATS);
  private final TestOutputTopic<String, byte[]> commands = output(CellTopic.COMMANDS);
  private final TestOutputTopic<String, byte[]> deadLetters = output(CellTopic.DEAD_LETTERS);

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void ticksIntoItsOwnPartition() {
    pass(Duration.ofSeconds(16));

    assertThat(ticks.readRecordsToList())
        .allSatisfy(tick -> assertThat(tick.key()).isEqualTo(LeaseRecord.tickKey(0)))
        .extracting(tick -> Serdes.LEASE.read(tick.value()))
        .containsExactly(
            new Tick(1, 0), new Tick(1, 5_000), new Tick(1, 5_000), new Tick(1, 5_000));
  }

  @Test
  void proposesUnderTheJobsKeyUntilTheLeaseIsClosed() {
    ledger.pipeInput(JOB.value(), Serdes.LEASE.write(opened(4, 1)));
    pass(Duration.ofSeconds(165));

    List<TestRecord<String, byte[]>> written = commands.readRecordsToList();
    assertThat(written).allSatisfy(record -> assertThat(record.key()).isEqualTo(JOB.value()));
    assertThat(proposals(written))
        .containsExactly(
            new FlagLate(JOB, TOKEN, 1),
            new FlagStale(JOB, TOKEN, 1),
            new RequeueStale(JOB, TOKEN, 1),
            new RequeueStale(JOB, TOKEN, 1));

    ledger.pipeInput(JOB.value(), (byte[]) null);
    pass(Duration.ofSeconds(200));

    assertThat(commands.isEmpty()).isTrue();
  }

  @Test
  void proposesNothingForAJobThatBeats() {
    ledger.pipeInput(JOB.value(), Serdes.LEASE.write(opened(4, 1)));
    for (int beat = 0; beat < 20; beat++) {
      pass(Duration.ofSeconds(30));
      ledger.pipeInput(JOB.value(), Serdes.LEASE.write(heartbeat(4)));
    }

    assertThat(commands.isEmpty()).isTrue();
  }

  @Test
  void takesTheFlagAwayWhenHeartbeatsComeBack() {
    ledger.pipeInput(JOB.value(), Serdes.LEASE.write(opened(4, 1)));
    pass(Duration.ofSeconds(70));
    ledger.pipeInput(JOB.value(), Serdes.LEASE.write(heartbeat(4)));

    assertThat(proposals(commands.readRecordsToList()))
        .containsExactly(new FlagLate(JOB, TOKEN, 1), new FlagOnTime(JOB, TOKEN, 1));
  }

  @Test
  void sendsWhatItCannotUnderstandToTheDeadLettersAndGoesOn() {
    ledger.pipeInput(JOB.value(), "{\"type\":\"snore\"}".getBytes(UTF_8));
    ledger.pipeInput("../x", (byte[]) null);
    ledger.pipeInput(JOB.value(), Serdes.LEASE.write(opened(4, 1)));
    pass(Duration.ofSeconds(70));

    List<TestRecord<String, byte[]>> dead = deadLetters.readRecordsToList();
    String topic = CellTopic.HEARTBEATS.in(CELL);
    assertThat(dead).extracting(TestRecord::key).containsExactly(topic + "-0@0", topic + "-0@1");
    assertThat(dead.getFirst().value()).isEqualTo("{\"type\":\"snore\"}".getBytes(UTF_8));
    assertThat(headers(dead.getFirst()))
        .containsEntry("topic", topic)
        .containsEntry("partition", "0")
        .containsEntry("offset", "0")
        .containsEntry("key", JOB.value())
        .hasEntrySatisfying("reason", reason -> assertThat(reason).contains("snore"));
    assertThat(dead.get(1).value()).isNull();
    assertThat(metrics.counter("holdfast.dead.letters").count()).isEqualTo(2);
    assertThat(proposals(commands.readRecordsToList()))
        .containsExactly(new FlagLate(JOB, TOKEN, 1));
  }

  /** A record may be small on the wire, because it is compressed, and too large to write again. */
  @Test
  void setsAsideOnlyTheBeginningOfAVeryLargeRecordAndGoesOn() {
    String snore = "{\"type\":\"%s\"}".formatted("z".repeat(3_000_000));

    ledger.pipeInput("k".repeat(100_000), snore.getBytes(UTF_8));
    ledger.pipeInput(JOB.value(), snore.getBytes(UTF_8));
    ledger.pipeInput(JOB.value(), Serdes.LEASE.write(opened(4, 1)));
    pass(Duration.ofSeconds(70));

    assertThat(deadLetters.readRecordsToList())
        .hasSize(2)
        .allSatisfy(letter -> {
          assertThat(letter.value()).hasSizeLessThan(900_000);
          assertThat(headers(letter))
              .containsEntry(DeadLetter.CUT_FROM, Integer.toString(snore.length()))
              .allSatisfy((name, text) -> assertThat(text).hasSizeLessThan(10_000));
        });
    assertThat(proposals(commands.readRecordsToList()))
        .containsExactly(new FlagLate(JOB, TOKEN, 1));
  }

  @Test
  void showsItsFigures() {
    ledger.pipeInput("job-1", Serdes.LEASE.write(opened(4, 1)));
    pass(Duration.ofSeconds(66));
    ledger.pipeInput("job-2", Serdes.LEASE.write(opened(5, 1)));
    pass(Duration.ofSeconds(5));

    assertThat(leases("late")).isEqualTo(1);
    assertThat(leases("on-time")).isEqualTo(1);
    assertThat(metrics.get("holdfast.log.clock").tag("partition", "0").gauge().value())
        .isEqualTo(70);
    assertThat(metrics.get("holdfast.log.clock").tag("partition", "1").gauge().value()).isNaN();
    assertThat(metrics.counter("holdfast.ticks").count()).isEqualTo(15);
    assertThat(metrics.counter("holdfast.proposals", "type", "FlagLate").count()).isEqualTo(1);
  }

  @Test
  void countsMassSilence() {
    for (int number = 0; number < 4; number++) {
      ledger.pipeInput("job-" + number, Serdes.LEASE.write(opened(number + 1, 1)));
    }
    pass(Duration.ofSeconds(121));

    assertThat(leases("held")).isEqualTo(4);
    assertThat(metrics.counter("holdfast.mass.silences").count()).isEqualTo(1);
  }

  @Test
  void tellsWhenTheClockHasStopped() {
    pass(Duration.ofSeconds(11));
    Duration longest = Duration.ofSeconds(25);

    assertThat(figures.stoppedClock(longest, nanos)).isEmpty();
    assertThat(figures.stoppedClock(longest, nanos + Duration.ofSeconds(31).toNanos()))
        .hasValueSatisfying(
            problem -> assertThat(problem).contains("partition 0").contains("31 s"));
  }

  @Test
  void showsNothingOfAPartitionThatIsNoLongerIts() {
    var left = new MonitorFigures(new SimpleMeterRegistry());
    var topology = MonitorTopology.build(CELL, TICK, () -> nanos, left);
    long muchLater = nanos + Duration.ofDays(1).toNanos();

    try (var task = new TopologyTestDriver(topology, new Properties(), Instant.EPOCH)) {
      task.advanceWallClockTime(TICK);
      assertThat(left.stoppedClock(Duration.ofHours(1), muchLater)).isPresent();
    }

    assertThat(left.stoppedClock(Duration.ofHours(1), muchLater)).isEmpty();
  }

  /** In the steps of the punctuation; the first tick is written in the first second. */
  private void pass(Duration time) {
    Duration step = Duration.ofSeconds(1);
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
      nanos += step.toNanos();
      driver.advanceWallClockTime(step);
    }
  }

  private double leases(String stage) {
    return metrics.get("holdfast.leases").tag("stage", stage).gauge().value();
  }

  private static List<JobCommand> proposals(List<TestRecord<String, byte[]>> records) {
    return records.stream().map(record -> Serdes.COMMAND.read(record.value())).toList();
  }

  private static Map<String, String> headers(TestRecord<String, byte[]> record) {
    return StreamSupport.stream(record.headers().spliterator(), false)
        .collect(
            Collectors.toMap(header -> header.key(), header -> new String(header.value(), UTF_8)));
  }

  private TestOutputTopic<String, byte[]> output(CellTopic topic) {
    return driver.createOutputTopic(
        topic.in(CELL), new StringDeserializer(), new ByteArrayDeserializer());
  }
}
