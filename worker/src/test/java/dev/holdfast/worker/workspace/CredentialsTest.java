package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Repositories that a secret opens, behind real servers. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CredentialsTest {

  private static final String PASSWORD = "s@cret";

  @TempDir Path temporary;
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private WorkspaceFixture fixture;
  private Path served;

  @BeforeEach
  void serveABareCopy() throws IOException {
    WorkspaceFixture plain = WorkspaceFixture.create(temporary);
    fixture =
        plain.with(
            WorkspaceFixture.workspaces(
                plain.root(),
                Duration.ofSeconds(10),
                name -> Optional.ofNullable(secrets.get(name))));
    served = Files.createDirectory(temporary.toRealPath().resolve("served"));
    git(served, "clone", "-q", "--bare", fixture.source().directory().toString(), "project.git");
  }

  @Test
  void opensAPrivateRepositoryWithATokenThatNoFileKeeps() throws IOException {
    secrets.put("ci-token", "me:" + PASSWORD + "\n");
    try (GitHttpServer server = new GitHttpServer(served)) {
      String url = server.url("", "/private/project.git");

      PreparedWorkspace workspace = fixture.prepare("job-1", ref(url, "ci-token"));

      assertThat(git(workspace.directory(), "status", "--porcelain")).isEmpty();
      assertThat(git(workspace.directory(), "remote", "get-url", "origin")).isEqualTo(url);
      assertThat(filesWith(PASSWORD)).isEmpty();
    }
  }

  @Test
  void tellsAWrongTokenAndShowsNone() throws IOException {
    secrets.put("ci-token", "me:hunter2");
    try (GitHttpServer server = new GitHttpServer(served)) {
      WorkspaceException failure = failure(ref(server.url("", "/private/project.git"), "ci-token"));

      assertThat(failure.code()).isEqualTo(Code.AUTHENTICATION);
      assertThat(failure.retryable()).isFalse();
      assertThat(stackTrace(failure)).doesNotContain("hunter");
    }
  }

  @Test
  void saysWhichSecretIsMissing() {
    WorkspaceException failure = failure(ref("https://example.org/a.git", "ci-token"));

    assertThat(failure.code()).isEqualTo(Code.AUTHENTICATION);
    assertThat(failure).hasMessageContaining("the secret 'ci-token', which this worker does not");
  }

  @Test
  void opensAnSshRepositoryWithAKeyOfItsOwn() throws Exception {
    try (GitSshServer server = new GitSshServer()) {
      Path sshDirectory = Files.createDirectories(fixture.root().resolve("ssh"));
      server.writeKnownHost(sshDirectory);
      String url = server.url(served.resolve("project.git"));
      assertThat(failure(new RepositoryRef(url, Optional.empty())).code())
          .isEqualTo(Code.AUTHENTICATION);
      secrets.put("deploy-key", server.userKey());

      PreparedWorkspace workspace = fixture.prepare("job-1", ref(url, "deploy-key"));

      assertThat(git(workspace.directory(), "status", "--porcelain")).isEmpty();
      assertThat(filesWith("OPENSSH PRIVATE KEY")).isEmpty();
    }
  }

  @Test
  void takesAnEd25519KeyAsSshKeygenWritesIt() throws Exception {
    try (GitSshServer server = new GitSshServer()) {
      Path sshDirectory = Files.createDirectories(fixture.root().resolve("ssh"));
      server.writeKnownHost(sshDirectory);
      Path key = temporary.resolve("id_ed25519");
      GitCli.run(
          temporary, List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()));
      server.letIn(
          PublicKeyEntry.parsePublicKeyEntry(Files.readString(temporary.resolve("id_ed25519.pub")))
              .resolvePublicKey(null, null, null));
      secrets.put("deploy-key", Files.readString(key));

      PreparedWorkspace workspace =
          fixture.prepare("job-1", ref(server.url(served.resolve("project.git")), "deploy-key"));

      assertThat(workspace.baseCommit()).isEqualTo(fixture.source().id("main"));
    }
  }

  @Test
  void refusesAKeyWithAPassphraseAndShowsNothingOfIt() throws Exception {
    Path key = temporary.resolve("locked");
    GitCli.run(
        temporary,
        List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "passphrase", "-f", key.toString()));
    secrets.put("deploy-key", Files.readString(key));

    WorkspaceException failure = failure(ref("ssh://git@example.org/a.git", "deploy-key"));

    assertThat(failure.code()).isEqualTo(Code.AUTHENTICATION);
    assertThat(failure).hasMessageContaining("without a passphrase");
    assertThat(stackTrace(failure)).doesNotContain("BEGIN");
  }

  private static RepositoryRef ref(String url, String secret) {
    return new RepositoryRef(url, Optional.empty(), Optional.of(secret));
  }

  private WorkspaceException failure(RepositoryRef repository) {
    return catchThrowableOfType(
        WorkspaceException.class, () -> fixture.prepare("failing", repository));
  }

  /** All files of the worker in which the text can be found. */
  private List<Path> filesWith(String text) throws IOException {
    try (Stream<Path> files = Files.walk(fixture.root())) {
      return files.filter(file -> Files.isRegularFile(file) && contains(file, text)).toList();
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
