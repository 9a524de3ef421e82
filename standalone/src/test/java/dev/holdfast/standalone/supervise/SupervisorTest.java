package dev.holdfast.standalone.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SupervisorTest {

  private static final Duration GENEROUS = Duration.ofSeconds(20);

  @TempDir Path dir;

  private final Events events = new Events();
  private DataDirLock lock;
  private Supervisor supervisor;

  @BeforeEach
  void open() {
    lock = DataDirLock.take(dir, "up");
    supervisor = new Supervisor(lock, events);
  }

  @AfterEach
  void close() {
    supervisor.close();
    lock.close();
  }

  @Test
  void startsTheProgramUnderThePidInItsFileAndInItsOwnSession() throws Exception {
    long pid = supervisor.start(shell("sleeper", "exec sleep 600")).get(20, TimeUnit.SECONDS);

    assertThat(supervisor.pid("sleeper")).hasValue(pid);
    await().atMost(GENEROUS).until(() -> commandLine(pid).equals("sleep 600"));
    assertThat(dir.resolve("pids/sleeper.pid")).hasContent(Long.toString(pid));
    assertThat(sessionOf(pid)).isEqualTo(pid);
  }

  @Test
  void appendsOutputAndErrorsToTheLogAndHandsOnTheEnvironment() {
    Path log = dir.resolve("logs/talker.log");
    ChildSpec talker =
        shell("talker", "echo $GREETING; echo $HOLDFAST_ROLE in $HOLDFAST_DATA >&2; exec sleep 600")
            .withEnvironment(Map.of("GREETING", "hello"));

    supervisor.start(talker);

    await()
        .atMost(GENEROUS)
        .untilAsserted(() -> assertThat(log).hasContent("hello\ntalker in " + lock.directory()));
  }

  @Test
  void movesALogAbove10MegabytesAsideAtTheNextStart() throws Exception {
    Path log = Files.createDirectories(dir.resolve("logs")).resolve("talker.log");
    try (RandomAccessFile full = new RandomAccessFile(log.toFile(), "rw")) {
      full.setLength(10 * 1024 * 1024 + 1);
    }

    supervisor.start(shell("talker", "echo fresh; exec sleep 600"));

    await().atMost(GENEROUS).until(() -> Files.exists(log) && Files.size(log) == 6);
    assertThat(dir.resolve("logs/talker.log.1")).hasSize(10 * 1024 * 1024 + 1);
  }

  @Test
  void startsAKilledChildAgain() throws Exception {
    long first = supervisor.start(shell("sleeper", "exec sleep 600")).get(20, TimeUnit.SECONDS);

    handle(first).destroyForcibly();

    await().atMost(GENEROUS).until(() -> events.of(ChildEvent.Ready.class).size() == 2);
    assertThat(supervisor.pid("sleeper").getAsLong()).isNotEqualTo(first);
    ChildEvent.Died death = events.of(ChildEvent.Died.class).getFirst();
    assertThat(death.pid()).isEqualTo(first);
    assertThat(death.exitCode()).isEqualTo(OptionalInt.of(128 + 9));
    assertThat(death.lastWords()).isEmpty();
    assertThat(dir.resolve("pids/sleeper.pid"))
        .hasContent(Long.toString(supervisor.pid("sleeper").getAsLong()));
  }

  @Test
  void tellsWhyAChildDiedInItsOwnWordsAndWhereItWrote() {
    supervisor.start(shell("crasher", "echo starting; echo 'holdfast: no room'; exit 3"));

    await().atMost(GENEROUS).until(() -> !events.of(ChildEvent.Died.class).isEmpty());
    ChildEvent.Died death = events.of(ChildEvent.Died.class).getFirst();
    assertThat(death.lastWords()).hasValue("holdfast: no room");
    assertThat(death.log()).isEqualTo(lock.directory().resolve("logs/crasher.log"));
  }

  @Test
  void waitsLongerAfterEachDeathInARow() {
    supervisor.start(shell("crasher", "exit 3"));

    await().atMost(GENEROUS).until(() -> events.of(ChildEvent.Died.class).size() == 4);
    List<ChildEvent.Died> deaths = events.of(ChildEvent.Died.class);
    assertThat(deaths).allSatisfy(death -> assertThat(death.exitCode()).hasValue(3));
    // Chance takes a quarter at most, so each doubled pause is above the one before it.
    assertThat(deaths).extracting(ChildEvent.Died::restartIn).isSorted();
    assertThat(deaths.getLast().restartIn()).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void stopsAChildThatIsWaitingForItsRestartAtOnce() throws Exception {
    supervisor.start(shell("crasher", "exit 3"));
    await().atMost(GENEROUS).until(() -> events.of(ChildEvent.Died.class).size() == 3);

    supervisor.stop(List.of("crasher"));

    assertThat(supervisor.pid("crasher")).isEmpty();
    assertThat(events.of(ChildEvent.Started.class)).hasSize(3);
  }

  @Test
  void saysWhenNothingCouldBeStartedAndTriesAgain() throws Exception {
    Files.writeString(dir.resolve("logs"), "a file where the directory of logs belongs");
    supervisor.start(shell("sleeper", "exec sleep 600"));
    await().atMost(GENEROUS).until(() -> !events.of(ChildEvent.NotStarted.class).isEmpty());

    Files.delete(dir.resolve("logs"));

    await().atMost(GENEROUS).until(() -> events.of(ChildEvent.Ready.class).size() == 1);
    assertThat(events.of(ChildEvent.NotStarted.class).getFirst().reason()).contains("logs");
  }

  @Test
  void isReadyOnlyWhenTheProbeSaysSo() throws Exception {
    Path open = dir.resolve("open");
    var ready =
        supervisor.start(shell("slow", "exec sleep 600").readyWhen(asked -> Files.exists(open)));
    await().atMost(GENEROUS).until(() -> supervisor.pid("slow").isPresent());
    assertThat(ready).isNotDone();

    Files.createFile(open);

    assertThat(ready.get(20, TimeUnit.SECONDS)).isEqualTo(supervisor.pid("slow").getAsLong());
  }

  @Test
  void stopsByTermWhenTheChildHeedsIt() throws Exception {
    long pid = supervisor.start(shell("sleeper", "exec sleep 600")).get(20, TimeUnit.SECONDS);

    supervisor.stop(List.of("sleeper"));

    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(events.of(ChildEvent.Stopped.class))
        .containsExactly(new ChildEvent.Stopped("sleeper", pid, false));
    assertThat(dir.resolve("pids/sleeper.pid")).doesNotExist();
  }

  @Test
  void killsAChildThatIgnoresTerm() throws Exception {
    Path trapped = dir.resolve("trapped");
    long pid =
        supervisor
            .start(
                shell("deaf", "trap '' TERM; touch " + trapped + "; while :; do sleep 0.05; done")
                    .readyWhen(asked -> Files.exists(trapped))
                    .stoppedWithin(Duration.ofMillis(300)))
            .get(20, TimeUnit.SECONDS);

    supervisor.stop(List.of("deaf"));

    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(events.of(ChildEvent.Stopped.class))
        .containsExactly(new ChildEvent.Stopped("deaf", pid, true));
  }

  @Test
  void leavesAStrangerAloneThatHasThePidInTheFile() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      Path pids = Files.createDirectories(dir.resolve("pids"));
      Files.writeString(pids.resolve("sleeper.pid"), stranger.pid() + "\n");
      Files.writeString(pids.resolve("unwanted.pid"), stranger.pid() + "\n");

      supervisor.stopUnwanted(Set.of("sleeper"), Duration.ofSeconds(5));
      long pid = supervisor.start(shell("sleeper", "exec sleep 600")).get(20, TimeUnit.SECONDS);

      assertThat(pid).isNotEqualTo(stranger.pid());
      assertThat(stranger.isAlive()).isTrue();
      assertThat(events.of(ChildEvent.Adopted.class)).isEmpty();
      assertThat(events.of(ChildEvent.Stopped.class)).isEmpty();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void leavesAChildOfAnotherDirectoryAloneThatHasThePidInTheFile(@TempDir Path otherDir)
      throws Exception {
    ProcessBuilder elsewhere = new ProcessBuilder("sleep", "600");
    elsewhere.environment().put("HOLDFAST_DATA", otherDir.toRealPath().toString());
    elsewhere.environment().put("HOLDFAST_ROLE", "sleeper");
    Process other = elsewhere.start();
    try {
      Path pids = Files.createDirectories(dir.resolve("pids"));
      Files.writeString(pids.resolve("sleeper.pid"), other.pid() + "\n");

      long pid = supervisor.start(shell("sleeper", "exec sleep 600")).get(20, TimeUnit.SECONDS);

      assertThat(pid).isNotEqualTo(other.pid());
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void refusesASecondChildOfTheSameName() throws Exception {
    supervisor.start(shell("sleeper", "exec sleep 600")).get(20, TimeUnit.SECONDS);

    assertThatThrownBy(() -> supervisor.start(shell("sleeper", "exec sleep 600")))
        .hasMessageContaining("sleeper");
  }

  private static ChildSpec shell(String name, String script) {
    return new ChildSpec(
        name,
        List.of("sh", "-c", script),
        Map.of(),
        ReadinessProbe.running(),
        Duration.ofSeconds(10));
  }

  private static ProcessHandle handle(long pid) {
    return ProcessHandle.of(pid).orElseThrow();
  }

  private static String commandLine(long pid) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ').strip();
  }

  private static long sessionOf(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(afterName[3]);
  }
}
