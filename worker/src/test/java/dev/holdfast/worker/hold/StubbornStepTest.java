package dev.holdfast.worker.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.worker.workspace.GitSettings;
import dev.holdfast.worker.workspace.GitWorkspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jgit.api.Git;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole attempts in which a step fails however often it is tried: each of them ends. */
class StubbornStepTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path temporary;
  private final InMemoryCell cell = new InMemoryCell();
  private final AtomicInteger calls = new AtomicInteger();
  private @Nullable TestWorker worker;
  private Path repository;

  @BeforeEach
  void makeRepository() throws Exception {
    repository = temporary.resolve("repository");
    try (Git git = Git.init().setDirectory(repository.toFile()).setInitialBranch("main").call()) {
      Files.writeString(repository.resolve("README"), "readme\n");
      git.add().addFilepattern(".").call();
      git.commit().setMessage("first").setAuthor("a", "a@x").setCommitter("a", "a@x").call();
    }
  }

  @AfterEach
  void stop() {
    if (worker != null) {
      worker.close();
    }
    cell.close();
  }

  private TestWorker start(FlakyWorkspaces.Before before) throws Exception {
    Path data = temporary.resolve("data");
    var settings =
        new GitSettings(data.resolve("mirrors"), Duration.ofSeconds(5), data.resolve("ssh"));
    var workspaces =
        new FlakyWorkspaces(new GitWorkspaces(settings, InstantSource.system()), before);
    var started = new TestWorker(data, cell, TestWorker.Setup.QUICK.with(workspaces));
    worker = started;
    await().until(() -> started.desk.reconciled() && !cell.presences.isEmpty());
    await().until(() -> cell.presences.getLast().slots() > 0);
    return started;
  }

  private JobSpec job(String script, @Nullable Duration prepare) {
    return new JobSpec(
        List.of("sh", "-c", script),
        null,
        new RepositoryRef(repository.toString(), null),
        null,
        null,
        null,
        new Timeouts(prepare, null, null),
        null);
  }

  private FlakyWorkspaces.Before bugIn(String step) {
    return (name, workspace) -> {
      if (name.equals(step)) {
        calls.incrementAndGet();
        throw new IllegalStateException("a bug in " + name);
      }
    };
  }

  private WorkerReport.Ended ended() {
    await().atMost(SOON).until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    return cell.reports(WorkerReport.Ended.class).getFirst();
  }

  private WorkerReport.Lost lost() {
    await().atMost(SOON).until(() -> !cell.reports(WorkerReport.Lost.class).isEmpty());
    return cell.reports(WorkerReport.Lost.class).getFirst();
  }

  private void awaitGone(TestWorker of) {
    await().atMost(SOON).until(() -> of.desk.held() == 0 && of.desk.slotsTaken() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a..b", "x.lock", "v1."})
  void aJobWhoseIdIsNoBranchNameHasABranchAllTheSame(String id) throws Exception {
    var assigned =
        start((name, workspace) -> {})
            .assign(id, job("git symbolic-ref HEAD; git branch -f other HEAD", null));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(new String(cell.output(assigned.job(), OutputStreamName.STDOUT), UTF_8))
        .startsWith("refs/heads/holdfast/")
        .contains("%2E");
  }

  @Test
  void aBugBeforeTheStartLosesTheAttemptAfterAFewTries() throws Exception {
    TestWorker started = start(bugIn("prepare"));
    Order.Assigned assigned = started.assign("job-1", job("echo never", null));

    assertThat(lost().evidence())
        .contains("could not be started", "3 times in a row", "a bug in prepare");
    awaitGone(started);
    assertThat(calls).hasValue(3);
    assertThat(cell.output(assigned.job(), OutputStreamName.STDOUT)).isEmpty();
    assertThat(cell.reports(WorkerReport.Ended.class)).isEmpty();
  }

  @Test
  void aDiskThatRefusesToStartItLosesTheAttemptWhenThePrepareLimitIsOver() throws Exception {
    TestWorker started =
        start((name, workspace) -> {
          try {
            // Where the shim's launch file is to be written.
            Files.createDirectories(workspace.resolveSibling("launch/in-the-way"));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    started.assign("job-1", job("echo never", Duration.ofSeconds(2)));

    assertThat(lost().evidence()).contains("within its prepare limit of 2s", "launch");
    awaitGone(started);
  }

  @Test
  void aBugInCollectingCostsTheResultsButNeitherTheOutcomeNorTheWork() throws Exception {
    TestWorker started = start(bugIn("collect"));
    var assigned = started.assign("job-1", job("echo work > new.txt; exit 3", null));

    WorkerReport.Ended ended = ended();
    assertThat(ended.outcome()).isEqualTo(new Outcome.Exited(3));
    assertThat(ended.result().changes().note()).contains("3 times in a row", "a bug in collect");
    assertThat(ended.result().files()).isEmpty();
    awaitGone(started);
    assertThat(calls).hasValue(3);
    assertThat(temporary.resolve("data/saved/job-1-" + assigned.token() + "/changes.bundle"))
        .exists();
  }

  @Test
  void aBugInSavingKeepsNoLostAttemptFromBeingReported() throws Exception {
    TestWorker started = start(bugIn("save"));
    var assigned =
        started.assign("job-1", job("echo work > new.txt; echo written; sleep 1000", null));
    await()
        .atMost(SOON)
        .until(() -> cell.output(assigned.job(), OutputStreamName.STDOUT).length > 0);
    String identity = Files.readString(started.directory(assigned).resolve("identity"));
    long shim = Long.parseLong(identity.replaceAll("(?s).*shim_pid=(\\d+).*", "$1"));

    ProcessHandle.of(shim).orElseThrow().destroyForcibly();

    assertThat(lost().token()).isEqualTo(assigned.token());
    awaitGone(started);
    Path place = temporary.resolve("data/saved/job-1-" + assigned.token());
    assertThat(place.resolve("work/new.txt")).hasContent("work");
    assertThat(place.resolve("about.txt")).content().contains("a bug in save");
  }
}
