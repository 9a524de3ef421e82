package dev.holdfast.worker.hold;

import dev.holdfast.runtime.file.DiskFull;
import dev.holdfast.runtime.retry.Backoff;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.job.Kept;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.worker.keep.WorkKeeper;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import dev.holdfast.worker.workspace.WorkBranch;
import dev.holdfast.worker.workspace.WorkspaceException;
import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes an attempt's workspace, as often as it takes, within the prepare limit. */
final class Preparing {
  private static final Logger log = LoggerFactory.getLogger(Preparing.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  /** A disk of ours that fails is no better later; a server may be. */
  private static final int TRIES_OF_OUR_OWN = 3;

  private static final Duration LOOK_UP_EVERY = Duration.ofMillis(100);

  private final Site site;
  private final Links links;
  private final Dossier dossier;
  private final PrepareLimit limit;

  Preparing(Site site, Links links, Dossier dossier, PrepareLimit limit) {
    this.site = site;
    this.links = links;
    this.dossier = dossier;
    this.limit = limit;
  }

  /** Where the archive of an earlier attempt's work lies if it is not in the workspace. */
  static Path savedWork(Dossier dossier) {
    return dossier.directory().path().resolve("saved-" + WorkKeeper.ARCHIVE);
  }

  /** What came of it. */
  sealed interface Made {
    /** There is a working directory, and a workspace in it if the job asks for one. */
    record Ready(Optional<PreparedWorkspace> workspace) implements Made {}

    /** The command cannot be started. */
    record Refused(Outcome outcome) implements Made {}

    /** Nobody waits for it any more. */
    record Unwanted() implements Made {}
  }

  /**
   * Makes it.
   *
   * @throws WorkspaceException only if the disk is full, which is no fault of the job
   */
  Made run(Step step) throws IOException, InterruptedException {
    RepositoryRef repository = dossier.assigned().spec().repository();
    if (repository == null) {
      Files.createDirectories(dossier.directory().work());
      return new Made.Ready(Optional.empty());
    }
    dossier.lease().enter(Phase.PREPARING);
    Optional<Path> archive = archive(repository);
    Optional<WorkspaceException> away = Optional.empty();
    for (int tried = 1; ; tried++) {
      try {
        PreparedWorkspace workspace = prepare(repository, archive, step);
        tell(workspace);
        return new Made.Ready(Optional.of(workspace));
      } catch (WorkspaceException e) {
        if (step.givenUp()) {
          return new Made.Unwanted();
        }
        if (DiskFull.causes(e)) {
          throw e;
        }
        if (e.code() == Code.REPOSITORY_UNREACHABLE || e.atServer()) {
          away = Optional.of(e);
        }
        if (e.code() == Code.CANCELLED) {
          // It was the server that took the time, and not the job's work.
          int tries = tried;
          return new Made.Refused(
              away.map(failure -> failure(failure, tries)).orElseGet(limit::timedOut));
        }
        Duration pause = BACKOFF.after(tried, ThreadLocalRandom.current().nextDouble());
        boolean repeats =
            e.code() == Code.REPOSITORY_UNREACHABLE || (e.retryable() && tried < TRIES_OF_OUR_OWN);
        if (!repeats || !limit.hasRoomFor(pause)) {
          return new Made.Refused(failure(e, tried));
        }
        log.info(
            "workspace of job {}, try {}, next in {} ms: {}",
            dossier.assigned().job(),
            tried,
            pause.toMillis(),
            e.getMessage());
        await(pause, step);
      }
    }
  }

  private PreparedWorkspace prepare(RepositoryRef repository, Optional<Path> archive, Step step) {
    var asked =
        new dev.holdfast.worker.workspace.RepositoryRef(
            repository.url(),
            Optional.ofNullable(repository.ref()),
            Optional.ofNullable(repository.credentials()));
    return links
        .machine()
        .workspaces()
        .get()
        .prepare(
            dossier.directory().work(),
            asked,
            WorkBranch.of(dossier.assigned().job().value()),
            archive,
            () -> step.givenUp() || limit.over());
  }

  private static void await(Duration pause, Step step) throws InterruptedException {
    long until = System.nanoTime() + pause.toNanos();
    while (!step.givenUp() && System.nanoTime() - until < 0) {
      Thread.sleep(LOOK_UP_EVERY);
    }
  }

  /** What an earlier attempt had left, brought here and checked against its digest. */
  private Optional<Path> archive(RepositoryRef repository)
      throws IOException, InterruptedException {
    Kept kept = dossier.assigned().kept();
    BlobRef work = kept == null ? null : kept.work();
    if (work == null || repository.resume() != RepositoryRef.Resume.SAVED_WORK) {
      return Optional.empty();
    }
    Path archive = savedWork(dossier);
    if (!Files.exists(archive)) {
      try {
        links.log().blobs().fetch(work, archive);
      } catch (IOException e) {
        log.warn(
            "job {} begins fresh: the saved work of an earlier attempt cannot be had: {}",
            dossier.assigned().job(),
            e.toString());
        return Optional.empty();
      }
    }
    return Optional.of(archive);
  }

  private void tell(PreparedWorkspace workspace) throws IOException {
    for (String note : workspace.notes()) {
      log.info("workspace of job {}: {}", dossier.assigned().job(), note);
    }
    if (workspace.resumed()) {
      Files.deleteIfExists(savedWork(dossier));
    }
  }

  private Outcome failure(WorkspaceException e, int tries) {
    Code found = e.atServer() ? Code.REPOSITORY_UNREACHABLE : e.code();
    String code =
        switch (found) {
          case REPOSITORY_NOT_FOUND -> "repository-not-found";
          case REF_NOT_FOUND -> "ref-not-found";
          case REPOSITORY_UNREACHABLE -> "repository-unreachable";
          case REPOSITORY_EMPTY -> "repository-empty";
          case REPOSITORY_UNSAFE -> "repository-unsafe";
          case AUTHENTICATION -> "repository-authentication";
          case UNSUPPORTED_URL -> "repository-url-unsupported";
          case WORKSPACE_IO, CANCELLED -> "workspace-failed";
        };
    String where = " (on worker " + site.worker() + ")";
    String often =
        e.retryable() || e.atServer()
            ? " (%d tries within the prepare limit of %s)".formatted(tries, limit)
            : "";
    return new Outcome.Failed(code, e.getMessage() + where + often);
  }
}
