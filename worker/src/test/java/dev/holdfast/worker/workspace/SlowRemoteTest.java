package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real git server behind a bad connection. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowRemoteTest {

  private static final Duration SILENCE = Duration.ofSeconds(2);

  @TempDir Path temporary;
  private Path served;
  private WorkspaceFixture fixture;

  @BeforeEach
  void serve() throws IOException {
    served = temporary.toRealPath().resolve("served");
    LongHistory.create(served.resolve("project.git"), 300);
    Path root = temporary.toRealPath().resolve("data");
    fixture =
        new WorkspaceFixture(
            root,
            new SourceRepository(root),
            WorkspaceFixture.workspaces(root, SILENCE, Secrets.NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "git"})
  void givesUpAServerThatSendsAByteNowAndThen(String protocol) throws IOException {
    try (GitHttpServer http = new GitHttpServer(served);
        GitDaemon daemon = GitDaemon.serve(served);
        SlowProxy proxy = new SlowProxy(protocol.equals("http") ? http.port() : daemon.port())) {
      RepositoryRef repository = ref(protocol, proxy);
      proxy.dripAfter(20_000);
      long began = System.nanoTime();

      WorkspaceException failure =
          catchThrowableOfType(
              WorkspaceException.class, () -> fixture.prepare("job-1", repository));

      assertThat(failure.code()).isEqualTo(Code.REPOSITORY_UNREACHABLE);
      assertThat(failure.retryable()).isTrue();
      assertThat(failure).hasMessageContaining("fewer than 1000 bytes a second");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SILENCE.multipliedBy(8));
      assertNothingHalf();
      proxy.dripAfter(Long.MAX_VALUE);
      assertThat(fixture.prepare("job-2", repository).notes()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 5_000, 40_000})
  void leavesNothingOfAFetchThatWasCut(int bytes) throws IOException {
    try (GitHttpServer server = new GitHttpServer(served);
        SlowProxy proxy = new SlowProxy(server.port())) {
      RepositoryRef repository = ref("http", proxy);
      proxy.cutAfter(bytes);

      WorkspaceException failure =
          catchThrowableOfType(
              WorkspaceException.class, () -> fixture.prepare("job-1", repository));

      assertThat(failure.code()).isEqualTo(Code.REPOSITORY_UNREACHABLE);
      assertNothingHalf();
      proxy.cutAfter(Long.MAX_VALUE);
      PreparedWorkspace workspace = fixture.prepare("job-2", repository);
      assertThat(workspace.notes()).isEmpty();
      assertThat(git(workspace.directory(), "fsck", "--connectivity-only")).doesNotContain("miss");
    }
  }

  private RepositoryRef ref(String protocol, SlowProxy proxy) {
    String path = protocol.equals("http") ? "/open/project.git" : "/project.git";
    return new RepositoryRef(protocol + "://127.0.0.1:" + proxy.port() + path, Optional.empty());
  }

  private void assertNothingHalf() throws IOException {
    try (Stream<Path> files = Files.walk(fixture.root())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name ->
              name.startsWith("incoming_") || name.endsWith(".building") || name.endsWith(".pack"));
    }
  }
}
