package dev.holdfast.worker.workspace;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.transport.URIish;

/**
 * A repository's URL, checked, and what opens it. They are kept apart, so that JGit, whose messages
 * quote addresses, never sees a secret in one.
 */
final class RemoteUrl {

  /** What may stand before {@code ://}. Helpers such as {@code ext::} would run commands. */
  private static final Set<String> PROTOCOLS = Set.of("http", "https", "ssh", "git", "file");

  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*)://(.*)$");
  private static final Pattern SCP_LIKE =
      Pattern.compile("^[A-Za-z0-9_][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:(?!:).+$");

  /** Where a token in clear text never leaves the machine. */
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[?::1]?");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Pattern USER_INFO = Pattern.compile("://[^/\\s]*@");
  private static final Pattern QUERY = Pattern.compile("(://[^\\s?]*)\\?\\S*");

  private final String given;
  private final URIish address;
  private final String opener;
  private final Optional<Login> login;

  private RemoteUrl(String given, URIish address, String opener, Optional<Login> login) {
    this.given = given;
    this.address = address;
    this.opener = opener;
    this.login = login;
  }

  /**
   * The same, opened with a secret.
   *
   * @param secret its name
   */
  RemoteUrl openedWith(String secret, Login other) {
    switch (other) {
      case Login.Token _ -> {
        boolean safe =
            "https".equals(address.getScheme())
                || ("http".equals(address.getScheme())
                    && LOOPBACK.matcher(address.getHost()).matches());
        if (!safe) {
          throw unsupported(given, "secret '%s' is a token, and goes over https only", secret);
        }
      }
      case Login.Keys _ -> {
        boolean overSsh =
            address.getHost() != null
                && (address.getScheme() == null || "ssh".equals(address.getScheme()));
        if (!overSsh) {
          throw unsupported(given, "secret '%s' is an SSH key, and opens ssh URLs only", secret);
        }
      }
    }
    return new RemoteUrl(given, address, secret, Optional.of(other));
  }

  static RemoteUrl parse(String url) {
    if (url.isBlank() || CONTROL.matcher(url).find() || url.startsWith("-")) {
      throw unsupported(url, "it is blank, starts with '-' or holds control characters");
    }
    Matcher scheme = SCHEME.matcher(url);
    if (scheme.matches()) {
      return ofScheme(url, scheme.group(1).toLowerCase(Locale.ROOT));
    }
    if (url.startsWith("/") || SCP_LIKE.matcher(url).matches()) {
      return new RemoteUrl(url, uri(url), "", Optional.empty());
    }
    throw unsupported(url, "it is neither a URL nor an absolute path");
  }

  private static RemoteUrl ofScheme(String url, String protocol) {
    if (!PROTOCOLS.contains(protocol)) {
      throw unsupported(url, "the protocol '" + protocol + "' is not allowed");
    }
    URIish uri = uri(url);
    String host = uri.getHost();
    if (protocol.equals("file")) {
      return new RemoteUrl(url, uri, "", Optional.empty());
    }
    if (host == null || host.isEmpty() || host.startsWith("-")) {
      throw unsupported(url, "it names no host");
    }
    // A user alone may be a token; only of ssh it is known to be a mere name.
    if (uri.getPass() != null || (uri.getUser() != null && !protocol.equals("ssh"))) {
      throw unsupported(
          url,
          "it holds credentials, which a URL would show to all who see the job; keep them in the"
              + " worker's secrets and name the secret in the repository's credentials");
    }
    return new RemoteUrl(url, uri, "", Optional.empty());
  }

  private static URIish uri(String url) {
    try {
      return new URIish(url);
    } catch (URISyntaxException e) {
      // The cause quotes the URL with its user info, so it is not passed on.
      throw unsupported(url, "it cannot be parsed");
    }
  }

  private static WorkspaceException unsupported(String url, String pattern, Object... parts) {
    String found = parts.length == 0 ? pattern : pattern.formatted(parts);
    return new WorkspaceException(
        Code.UNSUPPORTED_URL,
        ("Repository URL %s is not usable: %s. Use http, https, ssh, git or file://,"
                + " user@host:path, or an absolute local path.")
            .formatted(mask(CONTROL.matcher(url).replaceAll("?")), found),
        null);
  }

  /** The text with the user info and the query of every URL in it replaced. */
  static String mask(String text) {
    String withoutUser = USER_INFO.matcher(text).replaceAll("://***@");
    return QUERY.matcher(withoutUser).replaceAll("$1?***");
  }

  /** Exactly what was asked for; it holds no secret. */
  String given() {
    return given;
  }

  /** What JGit may know. */
  URIish address() {
    return address;
  }

  Optional<Login> login() {
    return login;
  }

  /**
   * The mirror's name. It depends on the secret's name too: whoever comes with other credentials
   * gets another mirror, so nobody reads through one what the server would have refused them.
   */
  String mirrorName() {
    return mirrorName(opener);
  }

  /** The same for one that is to be opened with a secret, by its name alone. */
  String mirrorName(String secret) {
    try {
      String identity = secret.isEmpty() ? given : given + "\n" + secret;
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 12) + ".git";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Fit for messages. */
  @Override
  public String toString() {
    return mask(given);
  }
}
