package dev.holdfast.gateway.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.gateway.JobFixtures;
import dev.holdfast.gateway.Logged;
import dev.holdfast.gateway.log.LogIdentity;
import dev.holdfast.gateway.log.Subscribers;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.job.RequeueReason;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobsViewTest {
  private static final JobFilter ALL = new JobFilter(Set.of(), Map.of(), Long.MAX_VALUE);

  @TempDir Path directory;
  private final AtomicReference<Instant> now = new AtomicReference<>(JobFixtures.START);
  private final Subscribers<JobId, JobEvent> subscribers = new Subscribers<>();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private JobsView view;
  private Logged log;

  @BeforeEach
  void open() {
    view = open("jobs.db");
    log = new Logged(view);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  private JobsView open(String name) {
    JobsView made =
        JobsView.open(directory.resolve(name), subscribers, new Subscribers<>(), now::get);
    opened.add(made);
    return made;
  }

  private static Logged.Entry entry(JobEvent event) {
    return new Logged.Entry(event.job().value(), Serdes.EVENT.write(event));
  }

  private void tell(JobEvent... events) {
    log.tell(Arrays.stream(events).map(JobsViewTest::entry).toList());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void rebuildEqualsIncremental(long seed) {
    List<JobEvent> history = history(new Random(seed), 30);
    var random = new Random(seed);
    for (int from = 0; from < history.size(); ) {
      int to = Math.min(history.size(), from + 1 + random.nextInt(7));
      log.tell(history.subList(from, to).stream().map(JobsViewTest::entry).toList());
      from = to;
    }

    JobsView rebuilt = open("rebuilt.db");
    new Logged(rebuilt).tell(history.stream().map(JobsViewTest::entry).toList());

    assertThat(rebuilt.queries().list(ALL, 200)).isEqualTo(view.queries().list(ALL, 200));
    assertThat(rebuilt.positions()).isEqualTo(view.positions());
    assertThat(view.queries().list(ALL, 200).jobs()).hasSize(30);
  }

  @Test
  void keepsItsPlaceOverRestarts() {
    tell(JobFixtures.job("a").submitted(1), JobFixtures.job("b").submitted(2));
    view.close();

    JobsView again = open("jobs.db");

    assertThat(again.positions()).isEqualTo(Map.of(0, 2L));
    assertThat(again.identity()).contains(new LogIdentity("cluster", "topic"));
    assertThat(again.queries().find(new JobId("a"))).isPresent();
  }

  @Test
  void dropsWhatItHasSeen() {
    JobFixtures job = JobFixtures.job("a");
    List<Logged.Entry> events =
        List.of(
            entry(job.submitted(1)),
            entry(job.assigned(1, 1, "w")),
            entry(job.requeued(1, 1, RequeueReason.LOST, "")));
    log.tell(events);
    view.apply(
        List.of(
            new org.apache.kafka.clients.consumer.ConsumerRecord<>(
                "topic", 0, 2, "a", events.get(2).value())),
        Map.of(0, 3L));

    assertThat(view.queries().find(new JobId("a")).orElseThrow().job().lostAttempts()).isEqualTo(1);
  }

  @Test
  void pagesFromTheNewest() {
    for (int i = 1; i <= 7; i++) {
      tell(JobFixtures.job("j-" + i).submitted(i * 10L));
    }

    JobPage first = view.queries().list(ALL, 3);
    JobPage second = view.queries().list(new JobFilter(Set.of(), Map.of(), 50), 3);
    JobPage last = view.queries().list(new JobFilter(Set.of(), Map.of(), 20), 3);

    assertThat(ids(first)).containsExactly("j-7", "j-6", "j-5");
    assertThat(first.more()).isTrue();
    assertThat(ids(second)).containsExactly("j-4", "j-3", "j-2");
    assertThat(ids(last)).containsExactly("j-1");
    assertThat(last.more()).isFalse();
  }

  @Test
  void filtersByStateAndLabels() {
    JobSpec red = JobFixtures.spec("{\"command\":[\"x\"],\"labels\":{\"c\":\"red\",\"n\":\"1\"}}");
    JobSpec blue = JobFixtures.spec("{\"command\":[\"x\"],\"labels\":{\"c\":\"blue\"}}");
    JobFixtures a = JobFixtures.job("a");
    tell(
        a.submitted(1, red),
        a.assigned(1, 1, "w"),
        JobFixtures.job("b").submitted(2, blue),
        JobFixtures.job("c").submitted(3, red));

    assertThat(list(Set.of(), Map.of("c", "red"))).containsExactly("c", "a");
    assertThat(list(Set.of(), Map.of("c", "red", "n", "2"))).isEmpty();
    assertThat(list(Set.of(JobState.QUEUED), Map.of("c", "red"))).containsExactly("c");
    assertThat(list(Set.of(JobState.RUNNING, JobState.QUEUED), Map.of()))
        .containsExactly("c", "b", "a");
    assertThat(list(Set.of(JobState.FAILED), Map.of())).isEmpty();
  }

  private List<String> list(Set<JobState> states, Map<String, String> labels) {
    return ids(view.queries().list(new JobFilter(states, labels, Long.MAX_VALUE), 10));
  }

  @Test
  void countsPositionsByPriorityThenSubmission() {
    JobSpec urgent = JobFixtures.spec("{\"command\":[\"x\"],\"priority\":9}");
    JobFixtures first = JobFixtures.job("first");
    tell(
        first.submitted(1),
        JobFixtures.job("second").submitted(2),
        JobFixtures.job("urgent").submitted(3, urgent),
        JobFixtures.job("third").submitted(4));

    assertThat(positions("urgent", "first", "second", "third")).containsExactly(1, 2, 3, 4);

    tell(first.assigned(1, 1, "w"));
    assertThat(positions("urgent", "first", "second", "third")).containsExactly(1, null, 2, 3);

    tell(first.requeued(1, 1, RequeueReason.STALE, ""));
    assertThat(positions("urgent", "first", "second", "third")).containsExactly(1, 2, 3, 4);
  }

  private List<Integer> positions(String... ids) {
    var positions = new ArrayList<Integer>();
    for (String id : ids) {
      positions.add(view.queries().find(new JobId(id)).orElseThrow().position());
    }
    return positions;
  }

  /** Against a queue kept the plain way. */
  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void placesAreExactHoweverLongTheQueue(long seed) {
    var random = new Random(seed);
    var queue = new ArrayList<Waiting>();
    for (int step = 0; step < 60; step++) {
      var events = new ArrayList<JobEvent>();
      for (int i = 0; i < 20; i++) {
        long sequence = step * 20L + i;
        int priority = random.nextInt(3);
        var waiting =
            new Waiting(JobFixtures.job("q-" + sequence), "q-" + sequence, priority, sequence);
        events.add(
            waiting
                .events()
                .submitted(
                    sequence,
                    JobFixtures.spec("{\"command\":[\"x\"],\"priority\":" + priority + "}")));
        queue.add(waiting);
      }
      for (int i = 0; i < 8; i++) {
        Waiting taken = queue.remove(random.nextInt(queue.size()));
        events.add(taken.events().assigned(1, taken.sequence() + 1, "w"));
        if (random.nextBoolean()) {
          events.add(taken.events().requeued(1, taken.sequence() + 1, RequeueReason.LOST, ""));
          queue.add(taken);
        }
      }
      log.tell(events.stream().map(JobsViewTest::entry).toList());
    }
    queue.sort(
        Comparator.comparingInt(Waiting::priority).reversed().thenComparingLong(Waiting::sequence));

    for (int i = 0; i < 100; i++) {
      int place = random.nextInt(queue.size());
      assertThat(positions(queue.get(place).id())).containsExactly(place + 1);
    }
  }

  private record Waiting(JobFixtures events, String id, int priority, long sequence) {}

  @Test
  void countsWhatWorkersHold() {
    JobFixtures a = JobFixtures.job("a");
    JobFixtures b = JobFixtures.job("b");
    tell(a.submitted(1), a.assigned(1, 1, "w"), b.submitted(2), b.assigned(1, 2, "w"));
    tell(b.ended(1, 2L, new Outcome.Exited(0)));

    assertThat(view.queries().held())
        .isEqualTo(Map.of(new dev.holdfast.schemas.worker.WorkerId("w"), 1));
  }

  @Test
  void tellsEventsByOffset() {
    JobFixtures a = JobFixtures.job("a");
    tell(a.submitted(1), JobFixtures.job("b").submitted(2), a.assigned(1, 1, "w"));

    assertThat(view.queries().events(new JobId("a"), -1, 10))
        .extracting(LoggedEvent::offset)
        .containsExactly(0L, 2L);
    assertThat(view.queries().events(new JobId("a"), 0, 10))
        .extracting(LoggedEvent::offset)
        .containsExactly(2L);
  }

  @Test
  void remembersWhyASubmissionWasRefused() {
    tell(JobFixtures.job("a").rejected("submit", "liveness-too-short", "r"));

    assertThat(view.queries().refusal(new JobId("a")).orElseThrow().code())
        .isEqualTo("liveness-too-short");
    assertThat(view.queries().refusal(new JobId("b"))).isEmpty();
  }

  @Test
  void leavesOutWhatCannotBeRead() {
    log.tell(new Logged.Entry("a", "nonsense".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    tell(JobFixtures.job("a").submitted(1));

    assertThat(view.queries().find(new JobId("a"))).isPresent();
    assertThat(view.positions()).isEqualTo(Map.of(0, 2L));
  }

  @Test
  void forgetsOldJobs() {
    JobFixtures a = JobFixtures.job("a");
    tell(a.submitted(1), a.ended(0, null, new Outcome.Cancelled(0)));
    tell(JobFixtures.job("b").submitted(2));
    now.set(JobFixtures.START.plus(Duration.ofDays(31)));

    tell(JobFixtures.job("c").submitted(3));

    assertThat(ids(view.queries().list(ALL, 10))).containsExactly("c", "b");
    assertThat(view.queries().events(new JobId("a"), -1, 10)).isEmpty();
  }

  @Test
  void forgetsOldRefusalsOfWhatNeverWasAJob() {
    JobFixtures never = JobFixtures.job("never");
    tell(
        Stream.generate(() -> never.rejected("cancel", "job-unknown", "r"))
            .limit(1_200)
            .toArray(JobEvent[]::new));
    now.set(JobFixtures.START.plus(Duration.ofDays(29)));
    tell(JobFixtures.job("b").submitted(1));
    assertThat(view.queries().events(new JobId("never"), -1, 2_000)).hasSize(1_200);

    now.set(JobFixtures.START.plus(Duration.ofDays(31)));
    tell(JobFixtures.job("b").rejected("submit", "job-conflict", "r"));
    tell(JobFixtures.job("c").submitted(2));
    tell(JobFixtures.job("d").submitted(3));

    assertThat(view.queries().events(new JobId("never"), -1, 2_000)).isEmpty();
    assertThat(view.queries().events(new JobId("b"), -1, 10)).hasSize(2);
  }

  @Test
  void startsAnewOnAnotherLog() {
    tell(JobFixtures.job("a").submitted(1));

    view.reset(new LogIdentity("cluster", "other"));

    assertThat(view.queries().find(new JobId("a"))).isEmpty();
    assertThat(view.positions()).isEmpty();
    assertThat(view.identity()).contains(new LogIdentity("cluster", "other"));
  }

  @Test
  void setsAsideAFileThatIsNone() throws Exception {
    Files.writeString(
        directory.resolve("broken.db"),
        "this is no database, but long enough to be one".repeat(50));

    JobsView anew = open("broken.db");

    assertThat(anew.identity()).isEmpty();
    assertThat(directory.resolve("broken.db.aside")).exists();
  }

  @Test
  void rebuildsAfterDamageWhileRunning() throws Exception {
    for (int i = 0; i < 500; i++) {
      tell(JobFixtures.job("j-" + i).submitted(i));
    }
    view.close();
    try (var file = new RandomAccessFile(directory.resolve("jobs.db").toFile(), "rw")) {
      for (long at = 4096; at < file.length(); at += 512) {
        file.seek(at);
        file.write(new byte[256]);
      }
    }

    JobsView damaged = open("jobs.db");
    assertThatThrownBy(() -> damaged.queries().list(ALL, 200)).isInstanceOf(ViewUnavailable.class);

    assertThat(damaged.intact()).isFalse();
    assertThat(damaged.identity()).isEmpty();
    assertThat(damaged.intact()).isTrue();
    new Logged(damaged).tell(entry(JobFixtures.job("again").submitted(1)));
    assertThat(ids(damaged.queries().list(ALL, 10))).containsExactly("again");
  }

  @Test
  void tellsWhoListensWhenItCanBeRead() {
    var seen = new ArrayList<JobState>();
    subscribers.listen(
        new JobId("a"),
        event -> seen.add(view.queries().find(event.job()).orElseThrow().job().state()));

    tell(JobFixtures.job("a").submitted(1), JobFixtures.job("b").submitted(2));

    assertThat(seen).containsExactly(JobState.QUEUED);
  }

  private static List<String> ids(JobPage page) {
    return page.jobs().stream().map(detail -> detail.job().id().value()).toList();
  }

  /** Jobs whose events mingle; each is submitted, perhaps requeued, perhaps ended. */
  private static List<JobEvent> history(Random random, int jobs) {
    var open = new ArrayList<List<JobEvent>>();
    for (int i = 0; i < jobs; i++) {
      JobFixtures job = JobFixtures.job("j-" + i);
      var events = new ArrayList<JobEvent>();
      events.add(job.submitted(i));
      int attempts = random.nextInt(4);
      for (int attempt = 1; attempt <= attempts; attempt++) {
        long token = i * 10L + attempt;
        events.add(job.assigned(attempt, token, "w-" + random.nextInt(3)));
        events.add(job.taken(token));
        events.add(job.entered(token, Phase.RUNNING));
        if (attempt < attempts) {
          events.add(job.requeued(attempt, token, RequeueReason.LOST, ""));
        } else if (random.nextBoolean()) {
          events.add(job.ended(attempt, token, new Outcome.Exited(random.nextInt(2))));
        }
      }
      open.add(events);
    }
    var history = new ArrayList<JobEvent>();
    while (!open.isEmpty()) {
      List<JobEvent> events = open.get(random.nextInt(open.size()));
      history.add(events.removeFirst());
      if (events.isEmpty()) {
        open.remove(events);
      }
    }
    return history;
  }
}
