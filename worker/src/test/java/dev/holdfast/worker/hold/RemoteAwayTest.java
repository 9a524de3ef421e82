package dev.holdfast.worker.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.worker.workspace.GitDaemon;
import dev.holdfast.worker.workspace.GitWorkspaces;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole attempts whose repository is behind a server that is away, silent, or says no. */
class RemoteAwayTest {
  @TempDir Path temporary;
  private final InMemoryCell cell = new InMemoryCell();
  private TestWorker worker;
  private Path served;

  @BeforeEach
  void start() throws Exception {
    served = temporary.toRealPath().resolve("served");
    Path repository = served.resolve("project");
    try (Git git = Git.init().setDirectory(repository.toFile()).call()) {
      Files.writeString(repository.resolve("README"), "readme\n");
      git.add().addFilepattern(".").call();
      git.commit().setMessage("first").setAuthor("a", "a@x").setCommitter("a", "a@x").call();
    }
    worker = new TestWorker(temporary.resolve("data"), cell, TestWorker.Setup.QUICK);
    await().until(() -> worker.desk.reconciled() && !cell.presences.isEmpty());
    await().until(() -> cell.presences.getLast().slots() > 0);
  }

  @AfterEach
  void stop() {
    worker.close();
    cell.close();
  }

  private void assign(int port, @Nullable String ref, Duration prepare) {
    worker.assign(
        "job-1",
        new JobSpec(
            List.of("cat", "README"),
            null,
            new RepositoryRef("git://127.0.0.1:" + port + "/project", ref),
            null,
            null,
            null,
            new Timeouts(prepare, null, null),
            null));
  }

  private Outcome outcome() {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    return cell.reports(WorkerReport.Ended.class).getFirst().outcome();
  }

  @Test
  void waitsForAServerThatComesBack() throws IOException {
    int port = GitDaemon.freePort();
    assign(port, null, Duration.ofSeconds(40));
    await().until(() -> cell.beats.stream().anyMatch(beat -> beat.phase() == Phase.PREPARING));
    try (GitDaemon daemon = GitDaemon.serve(served, port)) {
      assertThat(outcome()).isEqualTo(new Outcome.Exited(0));
      assertThat(daemon.port()).isEqualTo(port);
    }
  }

  @Test
  void saysThatItWasTheServerWhenItStaysAway() throws IOException {
    assign(GitDaemon.freePort(), null, Duration.ofSeconds(3));

    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("repository-unreachable");
              assertThat(failed.message()).containsPattern("[23] tries within .* 3s");
            });
  }

  @Test
  void saysThatItWasTheServerWhenTheLimitRunsOutWhileItIsSilent() throws IOException {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assign(silent.getLocalPort(), null, Duration.ofSeconds(4));

      assertThat(outcome())
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> {
                assertThat(failed.code()).isEqualTo("repository-unreachable");
                assertThat(failed.message())
                    .contains("hardly answered", "1 tries within the prepare limit of 4s");
              });
    }
  }

  @Test
  void timesOutWhenItIsNotTheServerThatTakesTheTime() throws Exception {
    try (GitDaemon daemon = GitDaemon.serve(served)) {
      String url = "git://127.0.0.1:" + daemon.port() + "/project";
      Path mirrors = Files.createDirectories(worker.home.mirrors());
      Path lock = mirrors.resolve(GitWorkspaces.mirrorName(url, null) + ".lock");
      Process holder =
          new ProcessBuilder(
                  "python3",
                  "-c",
                  "import fcntl,sys;f=open(sys.argv[1],'w');fcntl.lockf(f,fcntl.LOCK_EX);"
                      + "print('held',flush=True);sys.stdin.read()",
                  lock.toString())
              .start();
      try {
        assertThat(holder.inputReader().readLine()).isEqualTo("held");
        assign(daemon.port(), null, Duration.ofSeconds(2));

        assertThat(outcome()).isEqualTo(new Outcome.TimedOut("prepare"));
      } finally {
        holder.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void asksOnceForARefThatIsNotThere() throws IOException {
    try (GitDaemon daemon = GitDaemon.serve(served)) {
      assign(daemon.port(), "no-such-branch", Duration.ofSeconds(40));

      assertThat(outcome())
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> {
                assertThat(failed.code()).isEqualTo("ref-not-found");
                assertThat(failed.message()).doesNotContain("tries");
              });
    }
  }
}
