package dev.holdfast.worker.workspace;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.TrackingRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.eclipse.jgit.util.FS;

/** The other side: lists a repository's refs and fetches them. */
final class Remote {

  private final GitSettings settings;
  private final int timeoutSeconds;
  private final SshSessionFactory ssh;

  Remote(GitSettings settings) {
    this.timeoutSeconds = Math.toIntExact(settings.serverSilence().toSeconds());
    this.settings = settings;
    this.ssh =
        new SshdSessionFactoryBuilder()
            .setHomeDirectory(FS.DETECTED.userHome())
            .setSshDirectory(settings.sshDirectory().toFile())
            .build(null);
  }

  /** For one repository's own key: neither the user's keys nor their configuration count. */
  private SshdSessionFactory ssh(Login.Keys keys) {
    return new SshdSessionFactoryBuilder()
        .setHomeDirectory(FS.DETECTED.userHome())
        .setSshDirectory(settings.sshDirectory().toFile())
        .setConfigStoreFactory((home, config, user) -> null)
        .setPreferredAuthentications("publickey")
        .setDefaultKeysProvider(directory -> keys.pairs())
        .build(null);
  }

  /** All refs that the repository shows, HEAD among them if it names a commit. */
  Map<String, Ref> refs(Repository mirror, RemoteUrl url, BooleanSupplier cancelled) {
    // A list is short, but an SSH server that says nothing would hold it for minutes.
    long start = System.nanoTime();
    long limit = TimeUnit.SECONDS.toNanos(2L * timeoutSeconds);
    try {
      return converse(
          url,
          cancelled,
          () -> cancelled.getAsBoolean() || System.nanoTime() - start > limit,
          () -> {
            try (Transport transport = open(mirror, url);
                FetchConnection connection = transport.openFetch()) {
              return Map.copyOf(connection.getRefsMap());
            }
          });
    } catch (WorkspaceException e) {
      throw toldApart(url, e, System.nanoTime() - start > LowSpeed.WORTH_A_NAME_NS);
    }
  }

  /** Fetches and prunes the refs that the refspecs name. */
  void fetch(Repository mirror, RemoteUrl url, List<RefSpec> refspecs, BooleanSupplier cancelled) {
    LowSpeed speed =
        new LowSpeed(mirror.getDirectory().toPath(), settings.serverSilence(), cancelled);
    FetchResult result;
    try {
      result =
          converse(
              url,
              cancelled,
              () -> cancelled.getAsBoolean() || speed.tooSlow(),
              () -> {
                try (Transport transport = open(mirror, url)) {
                  transport.setTagOpt(TagOpt.NO_TAGS);
                  transport.setRemoveDeletedRefs(true);
                  return transport.fetch(speed, refspecs);
                }
              });
    } catch (WorkspaceException e) {
      throw speed.tooSlow() && !cancelled.getAsBoolean()
          ? RemoteFailure.tooSlow(url, e)
          : toldApart(url, e, speed.hardlySends());
    }
    if (cancelled.getAsBoolean()) {
      // JGit stops in the middle of the refs and calls that an I/O failure.
      throw WorkspaceException.cancelled("Fetching " + url);
    }
    result.getTrackingRefUpdates().forEach(update -> requireWritten(update, mirror));
  }

  /** Whoever ran out of time should know whether it was the server that took it. */
  private static WorkspaceException toldApart(
      RemoteUrl url, WorkspaceException e, boolean serverSilent) {
    return e.code() == WorkspaceException.Code.CANCELLED && serverSilent
        ? WorkspaceException.cancelledAt(url, e)
        : e;
  }

  private static <T> T converse(
      RemoteUrl url, BooleanSupplier cancelled, BooleanSupplier givenUp, Callable<T> call) {
    try {
      return RemoteCall.run(call, givenUp);
    } catch (Exception e) {
      throw RemoteFailure.of(url, e, cancelled);
    }
  }

  /**
   * Whether to ask the server for a commit that no ref shows. Not for a local repository without
   * it: JGit serves that one itself and prints its refusal as a stack trace.
   */
  boolean mayHave(RemoteUrl url, ObjectId id) {
    if (url.address().getHost() != null) {
      return true;
    }
    File directory =
        RepositoryCache.FileKey.resolve(new File(url.address().getPath()), FS.DETECTED);
    if (directory == null) {
      return false;
    }
    try (Repository repository = new FileRepositoryBuilder().setGitDir(directory).build()) {
      return repository.getObjectDatabase().has(id);
    } catch (IOException e) {
      return false;
    }
  }

  private static void requireWritten(TrackingRefUpdate update, Repository mirror) {
    switch (update.getResult()) {
      case LOCK_FAILURE, IO_FAILURE, REJECTED, REJECTED_OTHER_REASON, REJECTED_MISSING_OBJECT ->
          throw new WorkspaceException(
              WorkspaceException.Code.WORKSPACE_IO,
              "Mirror %s could not store %s (%s). Check the disk of this worker."
                  .formatted(mirror.getDirectory(), update.getLocalName(), update.getResult()),
              null);
      default -> {}
    }
  }

  private Transport open(Repository mirror, RemoteUrl url) throws IOException {
    Transport transport = Transport.open(mirror, url.address());
    transport.setTimeout(timeoutSeconds);
    transport.setCredentialsProvider(null);
    if (transport instanceof SshTransport overSsh) {
      overSsh.setSshSessionFactory(ssh);
    }
    url.login()
        .ifPresent(login -> {
          switch (login) {
            case Login.Token token ->
                transport.setCredentialsProvider(new OriginCredentials(url.address(), token));
            case Login.Keys keys -> ((SshTransport) transport).setSshSessionFactory(ssh(keys));
          }
        });
    return transport;
  }
}
