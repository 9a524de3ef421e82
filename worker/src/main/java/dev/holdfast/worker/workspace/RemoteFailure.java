package dev.holdfast.worker.workspace;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.RemoteRepositoryException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.errors.UnsupportedCredentialItem;

/** Tells what an exception of a transport means. Servers differ, so some of it is in the text. */
final class RemoteFailure {

  /** Lower-case pieces of the messages of JGit and of its SSH client. */
  private static final List<String> DENIED =
      List.of(
          "not authorized",
          "authentication is required",
          "authentication not supported",
          " not permitted on ",
          "no more authentication methods",
          "auth fail",
          "permission denied",
          "server key did not validate");

  /** What servers answer for a repository that is not there or not exported. */
  private static final List<String> ABSENT =
      List.of("not found", "not exported", "does not exist", "not appear to be a git repository");

  /** What a socket says that {@link RemoteCall}'s thread was interrupted at. */
  private static final String TIMED_OUT = "Closed by interrupt";

  private RemoteFailure() {}

  static WorkspaceException of(RemoteUrl url, Exception e, BooleanSupplier cancelled) {
    if (e instanceof WorkspaceException known) {
      return known;
    }
    if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      return WorkspaceException.cancelled("Fetching " + url);
    }
    String found = RemoteUrl.mask(said(e));
    return switch (code(e)) {
      case UNSUPPORTED_URL ->
          failure(Code.UNSUPPORTED_URL, e, "Repository %s cannot be fetched: %s", url, found);
      case REPOSITORY_NOT_FOUND ->
          failure(
              Code.REPOSITORY_NOT_FOUND,
              e,
              "Repository %s was not found (%s). Check the URL or path; a local path must be"
                  + " absolute and readable by the worker.",
              url,
              found);
      case AUTHENTICATION ->
          failure(
              Code.AUTHENTICATION,
              e,
              "Repository %s refused the worker's credentials, or has no such repository to show it"
                  + " (%s). Name a secret in the repository's credentials that opens it, or check"
                  + " the worker's SSH key and known hosts.",
              url,
              found);
      default ->
          failure(
              Code.REPOSITORY_UNREACHABLE,
              e,
              "Repository %s could not be fetched (%s). Check that the server is up and that the"
                  + " worker's network reaches it; the attempt can be repeated.",
              url,
              found);
    };
  }

  /** The server had not gone silent, but would have taken for ever. */
  static WorkspaceException tooSlow(RemoteUrl url, WorkspaceException cause) {
    return failure(
        Code.REPOSITORY_UNREACHABLE,
        cause,
        "Repository %s was sent at fewer than %d bytes a second and was given up. Check the server"
            + " and the worker's network; the attempt can be repeated.",
        url,
        LowSpeed.LEAST_BYTES_PER_SECOND);
  }

  private static WorkspaceException failure(
      Code code, Exception e, String pattern, Object... parts) {
    return new WorkspaceException(code, pattern.formatted(parts), e);
  }

  private static Code code(Exception e) {
    if (chain(e).anyMatch(NotSupportedException.class::isInstance)) {
      return Code.UNSUPPORTED_URL;
    }
    if (chain(e).anyMatch(UnsupportedCredentialItem.class::isInstance) || says(e, DENIED)) {
      return Code.AUTHENTICATION;
    }
    boolean absent =
        chain(e)
            .anyMatch(link ->
                link instanceof NoRemoteRepositoryException
                    || link instanceof RepositoryNotFoundException);
    boolean refused = chain(e).anyMatch(RemoteRepositoryException.class::isInstance);
    return absent || (refused && says(e, ABSENT))
        ? Code.REPOSITORY_NOT_FOUND
        : Code.REPOSITORY_UNREACHABLE;
  }

  private static boolean says(Exception e, List<String> pieces) {
    return chain(e)
        .map(link -> String.valueOf(link.getMessage()).toLowerCase(Locale.ROOT))
        .anyMatch(text -> pieces.stream().anyMatch(text::contains));
  }

  /**
   * The message, and the innermost cause's if it adds something: "connection failed" alone is
   * little.
   */
  private static String said(Exception e) {
    String outer = String.valueOf(e.getMessage());
    String inner =
        chain(e).map(Throwable::getMessage).filter(Objects::nonNull).reduce(outer, (a, b) -> b);
    String both = outer.contains(inner) ? outer : outer + ": " + inner;
    return both.replace(TIMED_OUT, "no answer in time");
  }

  private static Stream<Throwable> chain(Throwable e) {
    return Stream.iterate(e, link -> link != null, Throwable::getCause).limit(10);
  }
}
