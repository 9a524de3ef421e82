package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order.Assigned;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.worker.attempt.TrustWindow;
import dev.holdfast.worker.handler.Handlers;
import dev.holdfast.worker.process.BootClock;
import dev.holdfast.worker.report.Lease;
import dev.holdfast.worker.report.LeaseFile;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.run.RunFacts;
import dev.holdfast.worker.workspace.GitWorkspaces;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes assignments, or hands them back. Called by the order loop's thread alone. */
final class Intake {
  private static final Logger log = LoggerFactory.getLogger(Intake.class);
  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private final Site site;
  private final Links links;
  private final Handlers handlers;
  private final Roster roster;

  /** Tokens come in the order in which they were given out, so an older one has been dealt with. */
  private long newestToken;

  Intake(Site site, Links links, Handlers handlers, Roster roster) {
    this.site = site;
    this.links = links;
    this.handlers = handlers;
    this.roster = roster;
  }

  /**
   * Takes an assignment up.
   *
   * @return completes once it is durable here, or handed back for good
   */
  CompletableFuture<Void> assigned(Assigned order, OptionalLong presenceSentAtMs) {
    if (order.incarnation() != site.incarnation() || order.token().value() <= newestToken) {
      return DONE;
    }
    newestToken = order.token().value();
    Liveness liveness = liveness(order.spec());
    var situation =
        new PreFlight.Situation(
            presenceSentAtMs,
            links.machine().clock().nowMs(),
            roster.draining(),
            roster.slots().free());
    Optional<String> refusal =
        PreFlight.refusal(situation, liveness)
            .or(() -> links.machine().containers().refusal(order.spec()))
            .or(() -> wouldNotFit(order));
    if (refusal.isPresent()) {
      return release(order, refusal.get());
    }
    var window = TrustWindow.granted(liveness, presenceSentAtMs.getAsLong());
    roster.metrics().taken();
    return order.spec().handler() == null ? takeProcess(order, window) : takeHandler(order, window);
  }

  /** A handler takes no room on the disk. */
  private Optional<String> wouldNotFit(Assigned order) {
    return order.spec().handler() == null
        ? links
            .machine()
            .disk()
            .refusal(new HeldAttempt(order.job(), order.token()), repository(order))
        : Optional.empty();
  }

  /** Under which the disk remembers what attempts took; URLs may hold passwords, so a digest. */
  static Optional<String> repository(Assigned order) {
    return Optional.ofNullable(order.spec().repository())
        .map(repository -> GitWorkspaces.mirrorName(repository.url(), repository.credentials()));
  }

  private Liveness liveness(JobSpec spec) {
    Liveness own = spec.liveness();
    return own == null ? site.liveness() : own;
  }

  private CompletableFuture<Void> takeHandler(Assigned order, TrustWindow window) {
    var attempt = new HeldAttempt(order.job(), order.token());
    var lease = new Lease(attempt, window, Phase.RUNNING, LeaseFile.NONE);
    Slots.Slot slot = roster.slots().take();
    var hold = new HandlerHold(site, links, order, lease, slot::giveBack);
    roster.holds().put(hold);
    String name = String.valueOf(order.spec().handler());
    hold.begin(handlers.find(name), handlers.names());
    // Nothing of it is durable, nor need be: after a crash the handshake settles it.
    return DONE;
  }

  private CompletableFuture<Void> takeProcess(Assigned order, TrustWindow window) {
    var attempt = new HeldAttempt(order.job(), order.token());
    CompletableFuture<Hold> place = roster.holds().reserve(attempt);
    Slots.Slot slot = roster.slots().take();
    var durable = new CompletableFuture<Void>();
    Thread.startVirtualThread(() -> {
      try {
        RunDirectory directory = makeDirectory(order, window);
        var hold =
            new ProcessHold(
                site,
                links,
                dossier(directory, window, Phase.PREPARING),
                ProcessHold.Origin.ASSIGNED,
                roster.tenancyOf(slot));
        place.complete(hold);
        durable.complete(null);
        hold.begin();
      } catch (IOException | RuntimeException e) {
        log.warn("cannot make a run directory for {}; it is handed back", attempt, e);
        roster.holds().remove(attempt);
        links.machine().disk().settled(attempt);
        slot.giveBack();
        place.completeExceptionally(e);
        release(order, "its run directory could not be made: " + e)
            .thenRun(() -> durable.complete(null));
      }
    });
    return durable;
  }

  private RunDirectory makeDirectory(Assigned order, TrustWindow window) throws IOException {
    String executor = order.spec().container() == null ? RunFacts.PROCESS : RunFacts.CONTAINER;
    var facts = new RunFacts(order, executor, BootClock.bootId(), Instant.now());
    return links
        .machine()
        .runs()
        .create(
            facts,
            directory -> links.machine().supervisor().extendLease(directory, window.deadlineMs()));
  }

  private Dossier dossier(RunDirectory directory, TrustWindow window, Phase phase) {
    LeaseFile file =
        deadlineMs -> links.machine().supervisor().extendLease(directory.path(), deadlineMs);
    var lease = new Lease(directory.attempt(), window, phase, file);
    return new Dossier(site.worker(), directory, lease, links);
  }

  /** Takes up what an earlier incarnation left; it takes a slot whether or not there is one. */
  void found(RunDirectory directory) throws IOException {
    Liveness liveness = liveness(directory.facts().assigned().spec());
    long deadlineMs = links.machine().supervisor().leaseDeadlineMs(directory);
    var window = new TrustWindow(liveness, deadlineMs);
    Slots.Slot slot = roster.slots().take();
    var hold =
        new ProcessHold(
            site,
            links,
            dossier(directory, window, Phase.RUNNING),
            ProcessHold.Origin.FOUND,
            roster.tenancyOf(slot));
    roster.holds().put(hold);
    hold.begin();
  }

  private CompletableFuture<Void> release(Assigned order, String why) {
    log.info("job {} token {} is handed back: {}", order.job(), order.token(), why);
    roster.metrics().released();
    return links
        .log()
        .courier()
        .deliver(
            new WorkerReport.Released(site.worker(), order.job(), order.token(), why),
            () -> !roster.left());
  }
}
