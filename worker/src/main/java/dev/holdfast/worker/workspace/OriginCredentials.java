package dev.holdfast.worker.workspace;

import java.util.Objects;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/** Gives a token to the server it is for alone, not to whom that server redirects. */
final class OriginCredentials extends UsernamePasswordCredentialsProvider {

  private final URIish origin;

  OriginCredentials(URIish origin, Login.Token token) {
    super(token.user(), token.password());
    this.origin = origin;
  }

  @Override
  public boolean get(URIish uri, CredentialItem... items) {
    return Objects.equals(uri.getScheme(), origin.getScheme())
        && Objects.equals(uri.getHost(), origin.getHost())
        && uri.getPort() == origin.getPort()
        && super.get(uri, items);
  }
}
