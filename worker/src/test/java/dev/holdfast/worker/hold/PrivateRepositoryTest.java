package dev.holdfast.worker.hold;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.worker.secret.Secret;
import dev.holdfast.worker.secret.SecretStore;
import dev.holdfast.worker.workspace.GitHttpServer;
import dev.holdfast.worker.workspace.GitMetrics;
import dev.holdfast.worker.workspace.GitSettings;
import dev.holdfast.worker.workspace.GitWorkspaces;
import dev.holdfast.worker.workspace.TlsIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole attempt over a repository that a token opens, behind a real git server with TLS. */
class PrivateRepositoryTest {
  private static final String TOKEN = "s@cret";

  @TempDir Path temporary;
  private final InMemoryCell cell = new InMemoryCell();
  private final Set<String> seenBy = ConcurrentHashMap.newKeySet();

  private TestWorker start() throws Exception {
    Path data = Files.createDirectories(temporary.toRealPath().resolve("data"));
    Path secret = Files.createDirectory(data.resolve("secrets")).resolve("ci-token");
    Files.writeString(secret, "me:" + TOKEN);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    var store = new SecretStore(data.resolve("secrets"));
    var workspaces =
        new GitWorkspaces(
            new GitSettings(data.resolve("mirrors"), Duration.ofSeconds(10), data.resolve("ssh")),
            name -> store.find(name).map(Secret::text),
            new GitMetrics(new SimpleMeterRegistry()),
            InstantSource.system());
    var worker = new TestWorker(data, cell, TestWorker.Setup.QUICK.with(workspaces));
    await().until(() -> worker.desk.reconciled() && !cell.presences.isEmpty());
    await().until(() -> cell.presences.getLast().slots() > 0);
    return worker;
  }

  @Test
  void isOpenedOverHttpsWithATokenThatNoProcessListShows() throws Exception {
    Path served = temporary.toRealPath().resolve("served");
    try (Git git = Git.init().setDirectory(served.resolve("project").toFile()).call()) {
      Files.writeString(served.resolve("project/README"), "readme\n");
      git.add().addFilepattern(".").call();
      git.commit().setMessage("first").setAuthor("a", "a@x").setCommitter("a", "a@x").call();
    }
    TlsIdentity identity = TlsIdentity.create(temporary);
    try (GitHttpServer server = GitHttpServer.secure(served, identity);
        TlsIdentity.Trust _ = identity.trust();
        TestWorker worker = start()) {
      String url = server.url("", "/private/project/.git");
      Thread watching = Thread.ofPlatform().start(this::watchProcesses);

      var assigned =
          worker.assign(
              "job-1",
              new JobSpec(
                  List.of("sh", "-c", "cat README; git remote get-url origin; env"),
                  null,
                  new RepositoryRef(url, null, "ci-token", null, null),
                  null,
                  null,
                  null,
                  null,
                  null));
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
      watching.interrupt();
      watching.join();

      assertThat(cell.reports(WorkerReport.Ended.class).getFirst().outcome())
          .isEqualTo(new Outcome.Exited(0));
      assertThat(url).startsWith("https://");
      assertThat(stdout(assigned)).startsWith("readme\n" + url + "\n").doesNotContain(TOKEN);
      assertThat(server.requests()).isGreaterThan(1);
      assertThat(seenBy).as("processes that show the token").isEmpty();
      assertThat(filesThatShowIt()).as("files").containsExactly("secrets/ci-token");
    } finally {
      cell.close();
    }
  }

  private String stdout(Order.Assigned assigned) {
    return new String(cell.output(assigned.job(), OutputStreamName.STDOUT), UTF_8);
  }

  /** Arguments and environment of every process, again and again until interrupted. */
  private void watchProcesses() {
    while (!Thread.currentThread().isInterrupted()) {
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
        for (Path process : processes) {
          if (shows(process.resolve("cmdline")) || shows(process.resolve("environ"))) {
            seenBy.add(process.toString());
          }
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static boolean shows(Path file) {
    try {
      return new String(Files.readAllBytes(file), ISO_8859_1).contains(TOKEN);
    } catch (IOException e) {
      // It has ended, or is another user's.
      return false;
    }
  }

  private List<String> filesThatShowIt() throws IOException {
    Path data = temporary.toRealPath().resolve("data");
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(Files::isRegularFile)
          .filter(PrivateRepositoryTest::shows)
          .map(file -> data.relativize(file).toString())
          .toList();
    }
  }
}
