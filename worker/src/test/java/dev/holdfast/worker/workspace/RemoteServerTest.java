package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workspaces of repositories behind real servers on the loopback interface. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RemoteServerTest {

  @TempDir Path temporary;
  WorkspaceFixture fixture;
  SourceRepository source;
  Path served;

  @BeforeEach
  void serveABareCopy() throws IOException {
    fixture = WorkspaceFixture.create(temporary);
    source = fixture.source();
    served = Files.createDirectory(temporary.toRealPath().resolve("served"));
    git(served, "clone", "-q", "--bare", source.directory().toString(), "project.git");
  }

  @Test
  void preparesOverTheGitProtocol() throws IOException {
    try (GitDaemon daemon = GitDaemon.serve(served)) {
      assertPreparesAndFollows(daemon.url("project.git"));

      WorkspaceException missing = failure(daemon.url("missing.git"));
      assertThat(missing.code()).isEqualTo(Code.REPOSITORY_NOT_FOUND);
      assertThat(missing).hasMessageContaining(daemon.url("missing.git") + " was not found");
    }
  }

  @Test
  void fetchesACommitThatNoBranchLeadsTo() throws IOException {
    source.write("README.md", "amended\n");
    git(source.directory(), "commit", "-q", "--amend", "-am", "amended");
    String amended = source.id("HEAD");
    Path project = served.resolve("project.git");
    git(project, "config", "uploadpack.allowAnySHA1InWant", "true");
    git(project, "fetch", "-q", source.directory().toString(), "main");

    try (GitDaemon daemon = GitDaemon.serve(served)) {
      RepositoryRef asked = new RepositoryRef(daemon.url("project.git"), Optional.of(amended));

      assertThat(fixture.prepare("job-1", asked).baseCommit()).isEqualTo(amended);
    }
  }

  @Test
  void preparesOverHttp() throws IOException {
    try (GitHttpServer server = new GitHttpServer(served)) {
      assertPreparesAndFollows(server.url("", "/open/project.git"));
      assertThat(failure(server.url("", "/open/missing.git")).code())
          .isEqualTo(Code.REPOSITORY_NOT_FOUND);
      assertThat(failure(server.url("", "/private/project.git")).code())
          .isEqualTo(Code.AUTHENTICATION);
    }
  }

  @Test
  void preparesOverSshFromKnownServersOnly() throws Exception {
    Path sshDirectory = fixture.root().resolve("ssh");
    try (GitSshServer server = new GitSshServer()) {
      String url = server.url(served.resolve("project.git"));
      server.writeUserKey(sshDirectory);
      assertThat(failure(url).code()).isNotEqualTo(Code.REPOSITORY_NOT_FOUND);
      assertThat(failure(url)).hasMessageContaining("known hosts");

      server.writeKnownHost(sshDirectory);
      assertPreparesAndFollows(url);
      assertThat(failure(server.url(served.resolve("missing.git"))).code())
          .isEqualTo(Code.REPOSITORY_NOT_FOUND);

      Files.delete(sshDirectory.resolve("id_ecdsa"));
      assertThat(failure(url).code()).isEqualTo(Code.AUTHENTICATION);
    }
  }

  @Test
  void saysThatAServerDoesNotAnswer() throws IOException {
    WorkspaceException refused =
        failure("git://127.0.0.1:" + GitDaemon.freePort() + "/project.git");
    assertThat(refused.code()).isEqualTo(Code.REPOSITORY_UNREACHABLE);
    assertThat(refused.retryable()).isTrue();

    GitWorkspaces impatient =
        new GitWorkspaces(
            new GitSettings(fixture.root().resolve("mirrors"), Duration.ofSeconds(1), temporary),
            InstantSource.system());
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      for (String protocol : new String[] {"git", "http", "ssh"}) {
        String url = protocol + "://127.0.0.1:" + silent.getLocalPort() + "/project.git";
        WorkspaceException failure =
            catchThrowableOfType(
                WorkspaceException.class,
                () ->
                    impatient.prepare(
                        fixture.workspaceDir("failing"), ref(url), "holdfast/x", () -> false));
        assertThat(failure.code()).as(protocol).isEqualTo(Code.REPOSITORY_UNREACHABLE);
        assertThat(failure).hasMessageContainingAll(url, "could not be fetched");
      }
    }
  }

  @Test
  void stopsWaitingForASilentServerWhenCancelled() throws Exception {
    AtomicBoolean cancelled = new AtomicBoolean();
    GitWorkspaces patient =
        new GitWorkspaces(
            new GitSettings(fixture.root().resolve("mirrors"), Duration.ofMinutes(10), temporary),
            InstantSource.system());
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<WorkspaceException> waiting =
          threads.submit(() ->
              catchThrowableOfType(
                  WorkspaceException.class,
                  () ->
                      patient.prepare(
                          fixture.workspaceDir("failing"),
                          ref("git://127.0.0.1:" + silent.getLocalPort() + "/project.git"),
                          "holdfast/x",
                          cancelled::get)));
      try (Socket accepted = silent.accept()) {
        cancelled.set(true);

        assertThat(waiting.get().code()).isEqualTo(Code.CANCELLED);
        assertThat(accepted.isConnected()).isTrue();
      }
    }
  }

  private void assertPreparesAndFollows(String url) throws IOException {
    String job = "job-" + url.substring(0, 3);
    assertThat(fixture.prepare(job, ref(url)).baseCommit()).isEqualTo(source.id("main"));
    source.write("README.md", url + "\n");
    String next = source.commit("next");
    git(source.directory(), "push", "-q", served.resolve("project.git").toString(), "main");

    PreparedWorkspace workspace = fixture.prepare(job + "-next", ref(url));

    assertThat(workspace.baseCommit()).isEqualTo(next);
    assertThat(workspace.resolvedRef()).contains("refs/heads/main");
    assertThat(git(workspace.directory(), "status", "--porcelain")).isEmpty();
  }

  private static RepositoryRef ref(String url) {
    return new RepositoryRef(url, Optional.empty());
  }

  private WorkspaceException failure(String url) {
    return catchThrowableOfType(
        WorkspaceException.class, () -> fixture.prepare("failing", ref(url)));
  }
}
