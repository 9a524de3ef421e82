package dev.holdfast.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.org/a.git",
        "http://example.org:8080/a.git",
        "ssh://git@example.org:2222/a.git",
        "git@example.org:team/a.git",
        "git://example.org/a.git",
        "file:///srv/git/a.git",
        "/srv/git/a repository.git",
      })
  void acceptsWhatGitServersSpeak(String url) {
    assertThat(RemoteUrl.parse(url).given()).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext::sh -c touch% /tmp/x",
        "git@example.org::x",
        "--upload-pack=touch /tmp/x",
        "-oProxyCommand=x@example.org:a",
        "ssh://-oProxyCommand=x/a",
        "sftp://example.org/a",
        "amazon-s3://bucket/a",
        "git+ssh://example.org/a",
        "https:///a",
        "relative/path",
        "../up",
        "",
        " ",
        "https://example.org/a\nb",
      })
  void refusesTheRest(String url) {
    WorkspaceException refusal =
        catchThrowableOfType(WorkspaceException.class, () -> RemoteUrl.parse(url));

    assertThat(refusal.code()).isEqualTo(Code.UNSUPPORTED_URL);
    assertThat(refusal.retryable()).isFalse();
    assertThat(refusal).hasMessageContaining("absolute local path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://me:s%40cr3t@example.org/a.git",
        "https://ghp_s3cr3t@example.org/a.git",
        "http://me:s3cr3t@example.org/a.git",
        "ssh://git:s3cr3t@example.org/a.git",
      })
  void refusesCredentialsInAUrlAndShowsNone(String url) {
    WorkspaceException refusal =
        catchThrowableOfType(WorkspaceException.class, () -> RemoteUrl.parse(url));

    assertThat(refusal.code()).isEqualTo(Code.UNSUPPORTED_URL);
    assertThat(refusal).hasMessageContainingAll("://***@example.org", "name the secret");
    assertThat(refusal.toString()).doesNotContain("cr3t");
    assertThat(new RepositoryRef(url, Optional.empty()).toString()).doesNotContain("cr3t");
  }

  @Test
  void masksUserInfoAndQueriesInEveryText() {
    assertThat(RemoteUrl.mask("a https://token@h/x b ssh://u:p@h?key=1 c"))
        .isEqualTo("a https://***@h/x b ssh://***@h?*** c");
    assertThat(
            catchThrowableOfType(
                WorkspaceException.class, () -> RemoteUrl.parse("ftp://me:secr3t@example.org/a")))
        .hasMessageContaining("ftp://***@example.org/a");
  }

  @Test
  void keepsAMirrorForEachUrlAndSecret() {
    RemoteUrl url = RemoteUrl.parse("https://h/x");
    Login token = Login.of("a", "t0ken");

    assertThat(
            List.of(
                url.mirrorName(),
                url.openedWith("a", token).mirrorName(),
                url.openedWith("b", token).mirrorName()))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[0-9a-f]{24}\\.git"));
    assertThat(url.openedWith("a", token).mirrorName())
        .as("a new value of a secret keeps the mirror")
        .isEqualTo(url.openedWith("a", Login.of("a", "other")).mirrorName());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://example.org/a", "git://example.org/a", "/srv/a", "ssh://h/a"})
  void sendsATokenOverHttpsOnly(String url) {
    assertThat(
            catchThrowableOfType(
                WorkspaceException.class,
                () -> RemoteUrl.parse(url).openedWith("ci", Login.of("ci", "t0ken"))))
        .hasMessageContainingAll("'ci'", "https only")
        .hasMessageNotContaining("t0ken");
  }

  @Test
  void sendsATokenInClearTextOnThisMachine() {
    RemoteUrl url = RemoteUrl.parse("http://127.0.0.1:80/a");

    assertThat(url.openedWith("ci", Login.of("ci", "me:t0ken")).login())
        .contains(new Login.Token("me", "t0ken"));
  }
}
