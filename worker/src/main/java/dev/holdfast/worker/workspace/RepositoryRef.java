package dev.holdfast.worker.workspace;

import java.util.Optional;

/**
 * What a job asks for.
 *
 * @param url http, https, ssh, git or file URL, {@code user@host:path}, or an absolute local path
 * @param ref branch, tag, full or abbreviated commit id, or full ref name; the remote's default
 *     branch when empty or HEAD
 * @param credentials name of the secret that opens it
 */
public record RepositoryRef(String url, Optional<String> ref, Optional<String> credentials) {

  public RepositoryRef {
    ref = ref.map(String::strip).filter(asked -> !asked.isEmpty() && !asked.equals("HEAD"));
  }

  /** Open to everybody, or to the worker's user. */
  public RepositoryRef(String url, Optional<String> ref) {
    this(url, ref, Optional.empty());
  }

  /** Shows no user info: a record's own text would. */
  @Override
  public String toString() {
    return RemoteUrl.mask(url) + ref.map(asked -> " at " + asked).orElse("");
  }
}
