package dev.holdfast.standalone.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a supervisor finds after the one before it was killed with -9. */
@Timeout(60)
class AdoptionTest {

  private static final Duration GENEROUS = Duration.ofSeconds(20);

  @TempDir Path dir;

  private final Events events = new Events();
  private final List<ProcessHandle> toEnd = new ArrayList<>();

  @AfterEach
  void endWhatIsLeft() {
    toEnd.forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void adoptsLivingChildrenAndStopsThoseNoLongerWanted() throws Exception {
    Process killed = supervise("worker-1", "worker-2");
    long wanted = pidInFile("worker-1");
    long unwanted = pidInFile("worker-2");
    killed.destroyForcibly().waitFor();

    try (DataDirLock lock = DataDirLock.take(dir, "up");
        Supervisor next = new Supervisor(lock, events)) {
      next.stopUnwanted(Set.of("worker-1"), Duration.ofSeconds(5));
      long adopted = next.start(SupervisorProcess.sleeper("worker-1")).get(20, TimeUnit.SECONDS);

      assertThat(adopted).isEqualTo(wanted);
      assertThat(events.of(ChildEvent.Adopted.class))
          .containsExactly(new ChildEvent.Adopted("worker-1", wanted));
      assertThat(events.of(ChildEvent.Started.class)).isEmpty();
      assertThat(events.of(ChildEvent.Stopped.class))
          .containsExactly(new ChildEvent.Stopped("worker-2", unwanted, false));
      assertThat(dir.resolve("pids/worker-2.pid")).doesNotExist();
    }
    assertThat(events.of(ChildEvent.Stopped.class))
        .contains(new ChildEvent.Stopped("worker-1", wanted, false));
  }

  @Test
  void startsAChildAnewThatWasToldOtherwise() throws Exception {
    Process killed = supervise("worker-1", "worker-2");
    long first = pidInFile("worker-1");
    long second = pidInFile("worker-2");
    killed.destroyForcibly().waitFor();
    ChildSpec other =
        new ChildSpec(
            "worker-1",
            List.of("sleep", "601"),
            Map.of(),
            ReadinessProbe.running(),
            Duration.ofSeconds(10));

    try (DataDirLock lock = DataDirLock.take(dir, "up");
        Supervisor next = new Supervisor(lock, events)) {
      long now = next.start(other).get(20, TimeUnit.SECONDS);
      long kept = next.start(SupervisorProcess.sleeper("worker-2")).get(20, TimeUnit.SECONDS);

      assertThat(now).isNotEqualTo(first);
      assertThat(pidInFile("worker-1")).isEqualTo(now);
      assertThat(events.of(ChildEvent.Stopped.class))
          .containsExactly(new ChildEvent.Stopped("worker-1", first, false));
      assertThat(kept).isEqualTo(second);
      assertThat(events.of(ChildEvent.Outdated.class))
          .containsExactly(new ChildEvent.Outdated("worker-1", first));
      assertThat(events.of(ChildEvent.Adopted.class))
          .containsExactly(new ChildEvent.Adopted("worker-2", second));
    }
  }

  @Test
  void isNotToldOtherwiseByAnotherStartOfItsJvm() {
    List<String> role = List.of("worker", "--slots", "4");
    ChildSpec plain = ChildSpec.jvm("worker-1", List.of("-Xmx256m"), "Main", role);
    ChildSpec faster = ChildSpec.jvm("worker-1", List.of("-XX:AOTCache=x"), "Main", role);
    ChildSpec wider =
        ChildSpec.jvm("worker-1", List.of(), "Main", List.of("worker", "--slots", "8"));

    assertThat(faster.told())
        .isEqualTo(plain.told())
        .containsExactly("Main", "worker", "--slots", "4");
    assertThat(wider.told()).isNotEqualTo(plain.told());
  }

  @Test
  void startsAnAdoptedChildAgainWhenItDies() throws Exception {
    Process killed = supervise("worker-1");
    long first = pidInFile("worker-1");
    killed.destroyForcibly().waitFor();

    try (DataDirLock lock = DataDirLock.take(dir, "up");
        Supervisor next = new Supervisor(lock, events)) {
      next.start(SupervisorProcess.sleeper("worker-1")).get(20, TimeUnit.SECONDS);
      ProcessHandle.of(first).orElseThrow().destroyForcibly();

      await().atMost(GENEROUS).until(() -> events.of(ChildEvent.Started.class).size() == 1);
      ChildEvent.Died death = events.of(ChildEvent.Died.class).getFirst();
      assertThat(death.pid()).isEqualTo(first);
      assertThat(death.exitCode()).isEmpty();
      assertThat(next.pid("worker-1").getAsLong()).isNotEqualTo(first);
    }
  }

  @Test
  void startsAChildThatDiedWhileNobodyWatched() throws Exception {
    Process killed = supervise("worker-1");
    long first = pidInFile("worker-1");
    killed.destroyForcibly().waitFor();
    ProcessHandle.of(first).orElseThrow().destroyForcibly();

    try (DataDirLock lock = DataDirLock.take(dir, "up");
        Supervisor next = new Supervisor(lock, events)) {
      await()
          .atMost(GENEROUS)
          .until(() -> ChildProcess.Found.find(lock.directory(), "worker-1").isEmpty());
      long second = next.start(SupervisorProcess.sleeper("worker-1")).get(20, TimeUnit.SECONDS);

      assertThat(second).isNotEqualTo(first);
      assertThat(events.of(ChildEvent.Adopted.class)).isEmpty();
    }
  }

  @Test
  void refusesADirectoryThatAnotherProcessHoldsAndNamesTheHolder() throws Exception {
    Process holder = supervise();

    assertThatThrownBy(() -> DataDirLock.take(dir, "up"))
        .isInstanceOf(DirectoryInUseException.class)
        .hasMessageContaining("pid " + holder.pid())
        .hasMessageContaining(dir.toRealPath().toString());

    holder.destroyForcibly().waitFor();
    DataDirLock.take(dir, "up").close();
  }

  /** Starts a supervisor in its own JVM and returns once all of its children run. */
  private Process supervise(String... names) throws IOException {
    List<String> args = new ArrayList<>(List.of(dir.toString()));
    args.addAll(List.of(names));
    Process supervisor =
        new ProcessBuilder(
                ChildSpec.jvm(
                        "supervisor",
                        List.of("-XX:+UseSerialGC"),
                        SupervisorProcess.class.getName(),
                        args)
                    .command())
            .redirectErrorStream(true)
            .start();
    toEnd.add(supervisor.toHandle());
    assertThat(supervisor.inputReader().readLine()).isEqualTo("supervising");
    for (String name : names) {
      toEnd.add(ProcessHandle.of(pidInFile(name)).orElseThrow());
    }
    return supervisor;
  }

  private long pidInFile(String name) throws IOException {
    return Long.parseLong(Files.readString(dir.resolve("pids/" + name + ".pid")).strip());
  }
}
