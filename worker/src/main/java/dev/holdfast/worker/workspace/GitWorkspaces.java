package dev.holdfast.worker.workspace;

import static java.util.Objects.requireNonNull;

import dev.holdfast.worker.secret.SecretRefused;
import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.zip.ZipException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.PackInvalidException;
import org.eclipse.jgit.errors.PackMismatchException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workspaces made with JGit. Holds no state besides its settings. */
public final class GitWorkspaces implements Workspaces {

  private static final Logger log = LoggerFactory.getLogger(GitWorkspaces.class);

  private final Mirrors mirrors;
  private final Secrets secrets;
  private final GitMetrics metrics;
  private final InstantSource clock;

  /**
   * @param clock dates the snapshots of uncommitted changes
   */
  public GitWorkspaces(
      GitSettings settings, Secrets secrets, GitMetrics metrics, InstantSource clock) {
    GitEnvironment.isolate();
    this.mirrors = new Mirrors(settings.mirrors(), new Remote(settings), metrics);
    this.secrets = secrets;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * The name of a repository's mirror among the mirrors, which tells nothing of its URL.
   *
   * @param credentials name of the secret that opens it
   * @return a name that no mirror has, if the URL is not one that can be mirrored
   */
  public static String mirrorName(String url, @Nullable String credentials) {
    try {
      return RemoteUrl.parse(url).mirrorName(credentials == null ? "" : credentials);
    } catch (WorkspaceException e) {
      return "none.git";
    }
  }

  /** Without secrets, and with nobody to count for. */
  public GitWorkspaces(GitSettings settings, InstantSource clock) {
    this(settings, Secrets.NONE, GitMetrics.unseen(), clock);
  }

  @Override
  public PreparedWorkspace prepare(
      Path workspaceDir,
      RepositoryRef repository,
      String workBranch,
      Optional<Path> savedWork,
      BooleanSupplier cancelled) {
    requireArguments(workspaceDir, workBranch);
    try {
      Optional<PreparedWorkspace> ready = ReadyMarker.read(workspaceDir);
      if (ready.isPresent()) {
        unlock(workspaceDir);
        return ready.get();
      }
      RemoteUrl url = url(repository);
      Request request =
          new Request(workspaceDir, url, repository.ref(), workBranch, Optional.empty(), cancelled);
      Journal journal = journal(workspaceDir);
      List<String> notes = new ArrayList<>();
      journal.cut().ifPresent(cut -> notes.add(startOver(workspaceDir, cut)));
      if (savedWork.isPresent()) {
        Optional<PreparedWorkspace> resumed = resume(request, savedWork.get(), journal, notes);
        if (resumed.isPresent()) {
          return resumed.get();
        }
      }
      return make(request, journal, notes);
    } catch (InvalidPathException e) {
      throw io(workspaceDir, "Start the worker in a UTF-8 locale (LANG=C.UTF-8)", e);
    } catch (IOException e) {
      throw io(workspaceDir, "Check this worker's disk: space, permissions, mount", e);
    } catch (WorkspaceException e) {
      throw e;
    } catch (RuntimeException e) {
      // JGit's answer to some malformed repositories. What a job names must not count as our bug.
      throw new WorkspaceException(
          Code.REPOSITORY_UNSAFE,
          "Repository %s cannot be handled (%s). Check it with git fsck."
              .formatted(repository, RemoteUrl.mask(e.toString())),
          e);
    }
  }

  private static void requireArguments(Path workspaceDir, String workBranch) {
    if (!workspaceDir.isAbsolute()) {
      throw new IllegalArgumentException("workspaceDir must be absolute, was " + workspaceDir);
    }
    if (!Repository.isValidRefName(Constants.R_HEADS + workBranch)) {
      throw new IllegalArgumentException("not a branch name: " + workBranch);
    }
  }

  /** What is to be prepared. */
  private record Request(
      Path workspaceDir,
      RemoteUrl url,
      Optional<String> asked,
      String workBranch,
      Optional<Path> savedWork,
      BooleanSupplier cancelled) {

    Request resuming(Path bundle) throws IOException {
      // What was saved was changed against this commit; the asked ref may have moved on.
      String base = EarlierWork.base(bundle).name();
      return new Request(
          workspaceDir, url, Optional.of(base), workBranch, Optional.of(bundle), cancelled);
    }
  }

  /** Saved work that does not fit is no reason to fail: the attempt can begin fresh. */
  private Optional<PreparedWorkspace> resume(
      Request fresh, Path bundle, Journal journal, List<String> notes) {
    try {
      Request request = fresh.resuming(bundle);
      List<String> before = new ArrayList<>(notes);
      before.add(
          "begins with the work that an earlier attempt had left, at " + request.asked().get());
      return Optional.of(make(request, journal, before));
    } catch (WorkspaceException e) {
      if (e.retryable() || e.code() == Code.CANCELLED || e.code() == Code.AUTHENTICATION) {
        throw e;
      }
      notes.add(unfit(e));
    } catch (InvalidPathException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      notes.add(unfit(e));
    }
    return Optional.empty();
  }

  private static String unfit(Exception e) {
    String note =
        "begins fresh, because the saved work of an earlier attempt could not be applied: "
            + RemoteUrl.mask(String.valueOf(e.getMessage()));
    log.warn(note);
    return note;
  }

  private PreparedWorkspace make(Request request, Journal journal, List<String> earlier)
      throws IOException {
    List<String> notes = new ArrayList<>(earlier);
    Mirrors.Found found = mirrors.bring(request.url(), request.asked(), request.cancelled());
    notes.addAll(found.notes());
    try (Journal.Entry _ = journal.begin(Journal.Operation.CHECKOUT, request.url().toString())) {
      try {
        notes.addAll(checkOut(request, found));
      } catch (MissingObjectException
          | CorruptObjectException
          | PackInvalidException
          | PackMismatchException
          | EOFException
          | ZipException e) {
        // The mirror looked whole, yet an object deep inside is damaged. Once is repaired; if it is
        // so again, the remote itself is damaged.
        found =
            mirrors.renew(
                request.url(),
                request.asked(),
                String.valueOf(e.getMessage()),
                request.cancelled());
        notes.addAll(found.notes());
        notes.addAll(checkOut(request, found));
      }
      PreparedWorkspace workspace =
          new PreparedWorkspace(
              request.workspaceDir(),
              request.url().toString(),
              found.ref(),
              found.commit().name(),
              request.workBranch(),
              found.mirror(),
              request.savedWork().isPresent(),
              notes);
      ReadyMarker.write(workspace);
      return workspace;
    }
  }

  private RemoteUrl url(RepositoryRef repository) throws IOException {
    RemoteUrl url = RemoteUrl.parse(repository.url());
    if (repository.credentials().isEmpty()) {
      return url;
    }
    String name = repository.credentials().get();
    String secret =
        value(name)
            .orElseThrow(() ->
                new WorkspaceException(
                    Code.AUTHENTICATION,
                    ("Repository %s is to be opened with the secret '%s', which this worker does"
                            + " not have. Add it to the worker's secrets, or correct the name.")
                        .formatted(url, name),
                    null));
    return url.openedWith(name, Login.of(name, secret));
  }

  private Optional<String> value(String secret) throws IOException {
    try {
      return secrets.value(secret);
    } catch (SecretRefused e) {
      throw new WorkspaceException(Code.AUTHENTICATION, String.valueOf(e.getMessage()), e);
    }
  }

  private static Journal journal(Path workspaceDir) throws IOException {
    Files.createDirectories(requireNonNull(workspaceDir.getParent()));
    return new Journal(workspaceDir.resolveSibling(workspaceDir.getFileName() + ".journal"));
  }

  private String startOver(Path workspaceDir, Journal.Cut cut) {
    metrics.cut(cut);
    String note = "found the record of an operation that was cut off: " + cut + "; made anew";
    log.warn("workspace {}: {}", workspaceDir, note);
    return note;
  }

  /** A worker that died after the workspace was complete may have left git's locks in it. */
  private void unlock(Path workspaceDir) throws IOException {
    journal(workspaceDir).clear();
    Path gitDir = workspaceDir.resolve(Constants.DOT_GIT);
    if (Files.isDirectory(gitDir, LinkOption.NOFOLLOW_LINKS)) {
      List<String> removed = StaleLocks.remove(gitDir, workspaceDir);
      if (!removed.isEmpty()) {
        metrics.staleLocks(removed.size());
        log.warn("workspace {}: removed the stale locks {}", workspaceDir, removed);
      }
    }
  }

  private static List<String> checkOut(Request request, Mirrors.Found found) throws IOException {
    FileTrees.delete(request.workspaceDir());
    boolean complete = false;
    try {
      List<String> notes =
          new AttemptClone(request.workspaceDir(), found.mirror())
              .create(
                  request.url(),
                  found.commit(),
                  request.workBranch(),
                  request.savedWork(),
                  request.cancelled());
      if (request.cancelled().getAsBoolean()) {
        throw WorkspaceException.cancelled("Preparing " + request.workspaceDir());
      }
      complete = true;
      return notes;
    } finally {
      if (!complete) {
        FileTrees.delete(request.workspaceDir());
      }
    }
  }

  @Override
  public Optional<PreparedWorkspace> prepared(Path workspaceDir) {
    try {
      return ReadyMarker.read(workspaceDir);
    } catch (IOException e) {
      throw io(workspaceDir, "Check this worker's disk: space, permissions, mount", e);
    }
  }

  @Override
  public SavedWork save(
      Path workspaceDir, Path directory, CollectLimits limits, Optional<String> known) {
    return new Harvest(workspaceDir, directory, limits, metrics, clock).save(known);
  }

  @Override
  public Collected collect(Path workspaceDir, Path resultsDir, CollectLimits limits) {
    return new Harvest(workspaceDir, resultsDir, limits, metrics, clock).run();
  }

  @Override
  public void remove(Path workspaceDir) {
    try {
      journal(workspaceDir).clear();
      // The marker goes first: a crash in between leaves something to delete, not to trust.
      FileTrees.delete(ReadyMarker.of(workspaceDir));
      FileTrees.delete(workspaceDir);
    } catch (IOException e) {
      throw io(workspaceDir, "Check this worker's disk: space, permissions, mount", e);
    }
  }

  private static WorkspaceException io(Path workspaceDir, String advice, Exception e) {
    return new WorkspaceException(
        Code.WORKSPACE_IO,
        "Workspace %s: %s. %s.".formatted(workspaceDir, RemoteUrl.mask(e.toString()), advice),
        e);
  }
}
