package dev.holdfast.worker.hold;

import dev.holdfast.runtime.file.DiskFull;
import dev.holdfast.schemas.attempt.Order.Assigned;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.Finisher;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.OnLostLease;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.worker.process.Launch;
import dev.holdfast.worker.provision.ProvisionRefused;
import dev.holdfast.worker.run.Started;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import dev.holdfast.worker.workspace.WorkspaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Makes an attempt's workspace and starts its shim. */
final class Launching implements Step.Work {
  private static final Duration LEASE_POLL = Duration.ofMillis(20);

  private final Site site;
  private final Links links;
  private final Dossier dossier;
  private final PrepareLimit limit;

  Launching(Site site, Links links, Dossier dossier, PrepareLimit limit) {
    this.site = site;
    this.links = links;
    this.dossier = dossier;
    this.limit = limit;
  }

  @Override
  public void run(Step step) throws IOException, InterruptedException {
    try {
      launch(step);
    } catch (IOException | WorkspaceException e) {
      // This worker's trouble, not the job's: another worker may have room, or a better disk.
      if (DiskFull.causes(e)) {
        dossier.concludeLost(
            "the worker's disk ran full before the job could start: " + e.getMessage());
      } else if (limit.over()) {
        new Unstarted(site, links, dossier)
            .lost("the job could not be started within its prepare limit of " + limit + ": " + e);
      } else {
        throw e;
      }
    } finally {
      links.machine().disk().settled(dossier.attempt());
    }
  }

  private void launch(Step step) throws IOException, InterruptedException {
    SortedMap<String, String> index;
    try {
      dossier.provisions().lay();
      Optional<PreparedWorkspace> workspace;
      switch (new Preparing(site, links, dossier, limit).run(step)) {
        case Preparing.Made.Ready ready -> workspace = ready.workspace();
        case Preparing.Made.Refused refused -> {
          dossier.concludeUnstarted(refused.outcome());
          return;
        }
        case Preparing.Made.Unwanted() -> {
          return;
        }
      }
      dossier.provisions().layAgentFiles();
      index = Indexing.of(links.machine().indexes(), dossier).offer(workspace, step);
    } catch (ProvisionRefused e) {
      dossier.concludeUnstarted(
          new Outcome.Failed(e.code(), e.getMessage() + " (on worker " + site.worker() + ")"));
      return;
    }
    if (!new ContainerReadying(site, links, dossier, limit).done(step)) {
      return;
    }
    while (dossier.lease().window().lapsedAt(links.machine().clock().nowMs())) {
      // Nothing is started without a lease; the heartbeat thread asks for it.
      if (step.givenUp()) {
        return;
      }
      Thread.sleep(LEASE_POLL);
    }
    if (!step.givenUp()) {
      start(index);
    }
  }

  private void start(SortedMap<String, String> index) throws IOException, InterruptedException {
    Assigned assigned = dossier.assigned();
    Liveness liveness = dossier.lease().window().liveness();
    SortedMap<String, String> environment =
        JobEnvironment.of(site, assigned, dossier.provisions().environment());
    environment.putAll(index);
    Path savedWork = Preparing.savedWork(dossier);
    if (Files.exists(savedWork)) {
      environment.put("HOLDFAST_SAVED_WORK", savedWork.toAbsolutePath().toString());
    }
    JobSpec spec = assigned.spec();
    var launch =
        new Launch(
            dossier.directory().work().toAbsolutePath(),
            spec.command(),
            environment,
            new Launch.Timing(
                site.stopGrace(),
                liveness.freezeWithin(),
                orNone(spec.timeouts().run()),
                orNone(spec.timeouts().idleOutput())),
            new Launch.LeaseLoss(
                policy(spec),
                site.workerLock(),
                liveness.frozenLimit(),
                liveness.frozenLimitWithWorker()),
            finisher(spec),
            Launch.Confinement.NONE);
    switch (links.machine().supervisor().start(dossier.directory(), launch, spec.limits())) {
      case Started.Launched(Optional<String> again) -> {
        again.ifPresent(this::reportStartedAgain);
        dossier.enter(Phase.RUNNING);
      }
      case Started.Never(String evidence) -> dossier.concludeLost(evidence);
      case Started.Impossible(String code, String message) ->
          dossier.concludeUnstarted(new Outcome.Failed(code, message));
    }
  }

  private void reportStartedAgain(String evidence) {
    dossier.report(
        new WorkerReport.Adopted(
            site.worker(),
            dossier.assigned().job(),
            dossier.assigned().token(),
            site.incarnation(),
            evidence));
  }

  private static Duration orNone(@Nullable Duration limit) {
    return limit == null ? Duration.ZERO : limit;
  }

  private static Launch.Policy policy(JobSpec spec) {
    OnLostLease asked = spec.onLostLease();
    return switch (asked == null ? OnLostLease.FREEZE : asked) {
      case FREEZE -> Launch.Policy.FREEZE;
      case CONTINUE -> Launch.Policy.CONTINUE;
      case END -> Launch.Policy.END;
    };
  }

  private static Launch.@Nullable Finisher finisher(JobSpec spec) {
    Finisher asked = spec.finisher();
    return asked == null ? null : new Launch.Finisher(asked.marker(), asked.grace());
  }
}
