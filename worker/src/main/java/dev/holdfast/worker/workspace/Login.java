package dev.holdfast.worker.workspace;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;

/** What a secret opens a repository with. Its text shows nothing of it. */
sealed interface Login {

  /** A server that takes a token as the password asks for some user, and seldom for which. */
  String TOKEN_USER = "x-access-token";

  /** For https. */
  record Token(String user, String password) implements Login {
    @Override
    public String toString() {
      return "***";
    }
  }

  /** For ssh. */
  record Keys(List<KeyPair> pairs) implements Login {
    public Keys {
      pairs = List.copyOf(pairs);
    }

    @Override
    public String toString() {
      return "***";
    }
  }

  /**
   * Reads a secret: a private key in OpenSSH's or PEM's form, {@code user:token}, or a token.
   *
   * @param name for messages
   */
  static Login of(String name, String secret) {
    String text = secret.strip();
    if (text.startsWith("-----BEGIN ")) {
      return keys(name, text + "\n");
    }
    if (text.isEmpty() || text.lines().count() > 1) {
      throw unusable(name, "it is empty or has more than one line", null);
    }
    int colon = text.indexOf(':');
    return colon < 0
        ? new Token(TOKEN_USER, text)
        : new Token(text.substring(0, colon), text.substring(colon + 1));
  }

  private static Login keys(String name, String text) {
    List<KeyPair> pairs = new ArrayList<>();
    try {
      var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName(name), in, null)
          .forEach(pairs::add);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw unusable(name, "its private key cannot be read, or has a passphrase", null);
    }
    if (pairs.isEmpty()) {
      throw unusable(name, "it holds no private key", null);
    }
    return new Keys(pairs);
  }

  private static WorkspaceException unusable(String name, String found, @Nullable Throwable cause) {
    return new WorkspaceException(
        Code.AUTHENTICATION,
        ("Secret '%s' is no credentials for a repository: %s. Expected user:token, a token alone,"
                + " or an SSH private key without a passphrase.")
            .formatted(name, found),
        cause);
  }
}
