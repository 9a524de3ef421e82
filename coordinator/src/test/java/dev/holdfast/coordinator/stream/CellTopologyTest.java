package dev.holdfast.coordinator.stream;

import static dev.holdfast.coordinator.cell.JobFixtures.START;
import static dev.holdfast.coordinator.cell.JobFixtures.cancel;
import static dev.holdfast.coordinator.cell.JobFixtures.ended;
import static dev.holdfast.coordinator.cell.JobFixtures.job;
import static dev.holdfast.coordinator.cell.JobFixtures.lost;
import static dev.holdfast.coordinator.cell.JobFixtures.presence;
import static dev.holdfast.coordinator.cell.JobFixtures.renew;
import static dev.holdfast.coordinator.cell.JobFixtures.spec;
import static dev.holdfast.coordinator.cell.JobFixtures.started;
import static dev.holdfast.coordinator.cell.JobFixtures.submit;
import static dev.holdfast.coordinator.cell.JobFixtures.worker;
import static dev.holdfast.coordinator.stream.InputRecord.CELL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.coordinator.cell.CellInput.OfPresence;
import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.topic.CellTopic;
import dev.holdfast.schemas.topic.DeadLetter;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.schemas.worker.WorkerId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellTopologyTest {
  private static final String COMMANDS = CellTopic.COMMANDS.in(CELL);
  private static final String REPORTS = CellTopic.REPORTS.in(CELL);
  private static final String WORKERS = CellTopic.WORKERS.in(CELL);
  private static final JobId JOB = job("job-1");
  private static final WorkerId WORKER = worker("worker-1");
  private static final Token TOKEN = new Token(1);

  private TopologyFixture cell;

  @BeforeEach
  void open(@TempDir Path stateDir) {
    cell = new TopologyFixture(stateDir);
  }

  @AfterEach
  void close() {
    cell.close();
  }

  @Test
  void assignsASubmittedJobToAWorkerThatAnnouncesASlot() {
    cell.give(started(WORKER, 5), presence(WORKER, 1, 1), submit(JOB, spec(5)));

    assertThat(cell.events())
        .hasExactlyElementsOfTypes(JobEvent.Submitted.class, JobEvent.Assigned.class);
    assertThat(cell.orders())
        .satisfiesExactly(
            reconciled -> assertThat(reconciled).isInstanceOf(Order.Reconciled.class),
            order ->
                assertThat(order)
                    .isInstanceOfSatisfying(
                        Order.Assigned.class,
                        assigned -> {
                          assertThat(assigned.worker()).isEqualTo(WORKER);
                          assertThat(assigned.incarnation()).isEqualTo(5);
                          assertThat(assigned.presenceSequence()).isEqualTo(1);
                          assertThat(assigned.job()).isEqualTo(JOB);
                          assertThat(assigned.attempt()).isEqualTo(1);
                          assertThat(assigned.token()).isEqualTo(TOKEN);
                          assertThat(assigned.spec().command()).containsExactly("true");
                        }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT24H", "-PT16S", "PT16S", "PT24H"})
  void assignsHoweverFarTheBrokersClockIsOff(Duration off) {
    byte[] presence = Serdes.PRESENCE.write(presence(WORKER, 1, 1).presence());
    cell.give(submit(JOB, spec(5)));

    cell.give(WORKERS, WORKER.value(), presence, START.plus(off));

    assertThat(cell.events())
        .hasExactlyElementsOfTypes(JobEvent.Submitted.class, JobEvent.Assigned.class);
  }

  @Test
  void keysEveryRecordByWhomItIsFor() {
    cell.give(started(WORKER, 5), presence(WORKER, 1, 1), submit(JOB, spec(5)));

    assertThat(cell.read(CellTopic.EVENTS)).extracting(TestRecord::key).containsOnly("job-1");
    assertThat(cell.read(CellTopic.ORDERS)).extracting(TestRecord::key).containsOnly("worker-1");
    assertThat(cell.read(CellTopic.HEARTBEATS)).extracting(TestRecord::key).containsOnly("job-1");
  }

  @Test
  void opensTheLeaseWithTheAssignmentAndClosesItWithATombstone() {
    cell.give(presence(WORKER, 1, 1), submit(JOB, spec(5)));
    cell.give(renew(WORKER, JOB, TOKEN), lost(WORKER, JOB, TOKEN));

    assertThat(cell.read(CellTopic.HEARTBEATS))
        .extracting(TestRecord::value)
        .map(value -> value == null ? null : Serdes.LEASE.read(value))
        .startsWith(lease(1), lease(2), null);
  }

  @Test
  void answersARepeatedEndWithClean() {
    cell.give(presence(WORKER, 1, 1), submit(JOB, spec(5)));
    var report = ended(WORKER, JOB, TOKEN, new Outcome.Exited(0));

    cell.give(report);
    cell.give(report);

    assertThat(cell.events().stream().filter(JobEvent.Ended.class::isInstance)).hasSize(1);
    assertThat(cell.orders().stream().filter(Order.Clean.class::isInstance))
        .hasSize(2)
        .containsOnly(new Order.Clean(WORKER, JOB, TOKEN));
  }

  @Test
  void remembersAJobThatHasEnded() {
    cell.give(submit(JOB, spec(5)), cancel(JOB));
    cell.events();

    cell.give(submit(JOB, spec(5)));
    assertThat(cell.events()).isEmpty();

    cell.give(submit(JOB, spec(6)));
    assertThat(cell.events())
        .singleElement()
        .isInstanceOfSatisfying(
            JobEvent.CommandRejected.class,
            rejected -> assertThat(rejected.code()).isEqualTo("job-conflict"));
  }

  @ParameterizedTest
  @MethodSource("badRecords")
  void setsABadRecordAsideAndGoesOn(String topic, String key, String value, String reason) {
    cell.give(topic, key, value == null ? null : value.getBytes(UTF_8));
    cell.give(submit(JOB, spec(5)));

    assertThat(cell.read(CellTopic.DEAD_LETTERS))
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.key()).isEqualTo(topic + "-0@0");
          assertThat(letter.value()).isEqualTo(value == null ? null : value.getBytes(UTF_8));
          assertThat(header(letter, DeadLetter.REASON)).contains(reason);
          assertThat(header(letter, DeadLetter.TOPIC)).isEqualTo(topic);
          assertThat(header(letter, DeadLetter.PARTITION)).isEqualTo("0");
          assertThat(header(letter, DeadLetter.OFFSET)).isEqualTo("0");
          assertThat(header(letter, DeadLetter.KEY)).isEqualTo(key);
        });
    assertThat(cell.events()).hasExactlyElementsOfTypes(JobEvent.Submitted.class);
  }

  static Stream<Arguments> badRecords() {
    String cancel = "{\"type\":\"cancel\",\"job\":\"job-1\",\"by\":\"me\"}";
    return Stream.of(
        Arguments.of(COMMANDS, "job-1", null, "has no value"),
        Arguments.of(COMMANDS, "job-1", "", "No content to map"),
        Arguments.of(COMMANDS, "job-1", "run it!", "is not valid JSON"),
        Arguments.of(COMMANDS, "job-1", cancel.substring(0, 20), "JSON"),
        Arguments.of(COMMANDS, "job-1", "null", "expected a JSON object, found null"),
        Arguments.of(COMMANDS, "job-1", "[" + cancel + "]", ""),
        Arguments.of(COMMANDS, "job-1", cancel + cancel, "Trailing token"),
        Arguments.of(COMMANDS, "job-2", cancel, "key must be job-1, not job-2"),
        Arguments.of(COMMANDS, null, cancel, "key must be job-1, not null"),
        Arguments.of(COMMANDS, "job-1", cancel.replace("cancel", "explode"), "explode"),
        Arguments.of(COMMANDS, "job-1", cancel.replace("}", ",\"bye\":1}"), "bye"),
        Arguments.of(REPORTS, "job-1", cancel, "type"),
        Arguments.of(REPORTS, "job-1", "{\"type\":\"taken\",\"job\":\"job-1\"}", "worker"),
        Arguments.of(WORKERS, "worker-1", "{\"worker\":\"worker-1\"}", "startedAt"));
  }

  /** A record may be small on the wire, because it is compressed, and too large to write again. */
  @Test
  void setsAsideOnlyTheBeginningOfAVeryLargeRecord() {
    byte[] large = "x".repeat(3_000_000).getBytes(UTF_8);

    cell.give(COMMANDS, "k".repeat(100_000), large);

    assertThat(cell.read(CellTopic.DEAD_LETTERS))
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.value()).hasSizeLessThan(900_000).startsWith('x', 'x');
          assertThat(header(letter, DeadLetter.KEY)).hasSizeLessThan(10_000).startsWith("kk");
          assertThat(header(letter, DeadLetter.CUT_FROM)).isEqualTo("3000000");
        });
  }

  @Test
  void aReasonDoesNotRepeatAVeryLargeRecord() {
    String value = "{\"type\":\"%s\",\"job\":\"job-1\"}".formatted("y".repeat(500_000));

    cell.give(COMMANDS, "job-1", value.getBytes(UTF_8));

    assertThat(cell.read(CellTopic.DEAD_LETTERS))
        .singleElement()
        .satisfies(letter -> assertThat(header(letter, DeadLetter.REASON)).hasSizeLessThan(10_000));
  }

  /** A broker would refuse what is decided on them, and the cell would read them again for ever. */
  @Test
  void setsAsideWhatIsDecidedOnAtGreaterLengthThanARecordHas() {
    HeldAttempt[] held =
        IntStream.range(0, 20_000)
            .mapToObj(i -> new HeldAttempt(job("job-" + i), new Token(i + 1)))
            .toArray(HeldAttempt[]::new);

    cell.give(started(WORKER, 5, held));
    cell.give(on("h".repeat(1_000_000), presence(WORKER, 1, 1)), submit(JOB, spec(5)));

    assertThat(cell.read(CellTopic.DEAD_LETTERS))
        .satisfiesExactly(
            letter ->
                assertThat(header(letter, DeadLetter.REASON))
                    .contains("does not fit", "Reconciled for worker-1", "1000000"),
            letter ->
                assertThat(header(letter, DeadLetter.REASON))
                    .contains("does not fit", "worker-1 in workers"));
    assertThat(cell.orders()).isEmpty();
    assertThat(cell.events()).hasExactlyElementsOfTypes(JobEvent.Submitted.class);

    cell.give(started(WORKER, 6), presence(WORKER, 6, 1, 1));
    assertThat(cell.events()).hasExactlyElementsOfTypes(JobEvent.Assigned.class);
  }

  /** The same announcement from a host of that name. */
  private static OfPresence on(String host, OfPresence announcement) {
    Presence same = announcement.presence();
    return new OfPresence(
        new Presence(
            same.worker(),
            same.incarnation(),
            same.sequence(),
            same.slots(),
            same.running(),
            same.draining(),
            host,
            same.pid(),
            same.startedAt(),
            same.intervalMs()));
  }

  @Test
  void readsAReportOfANewerWorker() {
    cell.give(presence(WORKER, 1, 1), submit(JOB, spec(5)));
    cell.events();

    cell.give(
        REPORTS,
        "job-1",
        "{\"type\":\"taken\",\"worker\":\"worker-1\",\"job\":\"job-1\",\"token\":1,\"mood\":\"good\"}"
            .getBytes(UTF_8));

    assertThat(cell.events()).hasExactlyElementsOfTypes(JobEvent.Taken.class);
  }

  @Test
  void saysWhatBecameOfEachJob() {
    cell.give(presence(WORKER, 1, 1), submit(JOB, spec(5)), submit(job("job-2"), spec(9)));
    cell.give(ended(WORKER, JOB, TOKEN, new Outcome.Exited(3)), cancel(job("job-2")));
    cell.give(ended(WORKER, job("job-2"), new Token(2), new Outcome.Cancelled(1)));

    assertThat(cell.events().stream().filter(JobEvent.Ended.class::isInstance))
        .extracting(event -> ((JobEvent.Ended) event).state())
        .containsExactly(JobState.FAILED, JobState.CANCELLED);
  }

  private static LeaseRecord lease(long sequence) {
    return new LeaseRecord.Opened(TOKEN, sequence, WORKER, Liveness.DEFAULT);
  }

  private static String header(TestRecord<String, byte[]> letter, String name) {
    Header header = letter.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }
}
