package dev.holdfast.worker.hold;

import dev.holdfast.runtime.file.Tree;
import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.worker.attempt.Action;
import dev.holdfast.worker.attempt.Reconciliation;
import dev.holdfast.worker.attempt.Sighting;
import dev.holdfast.worker.attempt.Standing;
import dev.holdfast.worker.keep.WorkKeeper;
import dev.holdfast.worker.output.OutputPublisher;
import dev.holdfast.worker.process.ExitRecord;
import dev.holdfast.worker.process.Stop;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.run.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt with a process of its own. Its virtual thread looks, decides and acts, again and
 * again, until nothing of the attempt is left; fields without a modifier belong to that thread.
 */
final class ProcessHold implements Hold {
  private static final Logger log = LoggerFactory.getLogger(ProcessHold.class);

  private final Site site;
  private final Links links;
  private final Dossier dossier;
  private final Origin origin;
  private final Tenancy tenancy;
  private final Mailbox mailbox;
  private final OutputPublisher output;
  private final Reporting reporting;
  private final Watching watching;
  private final WorkKeeper keeper;
  private final long begunNs = System.nanoTime();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private volatile boolean lookClosely;
  private long aliveAtNs;
  private boolean alive;
  private boolean publishing;
  private boolean adopted;
  private @Nullable Step step;
  private @Nullable ExitRecord exit;
  private @Nullable PrepareLimit prepareLimit;
  private final Bugs bugs = new Bugs();

  ProcessHold(Site site, Links links, Dossier dossier, Origin origin, Tenancy tenancy) {
    this.site = site;
    this.links = links;
    this.dossier = dossier;
    this.origin = origin;
    this.tenancy = tenancy;
    this.mailbox = new Mailbox(origin == Origin.ASSIGNED ? Standing.CURRENT : Standing.UNANSWERED);
    RunDirectory directory = dossier.directory();
    this.output =
        new OutputPublisher(
            new OutputPublisher.Source(
                dossier.assigned().job(),
                dossier.assigned().token(),
                directory.path(),
                dossier.provisions()::mask),
            site.limits().output(),
            links.log().output(),
            directory.published(),
            directory::keep);
    this.watching = new Watching(links, dossier);
    this.keeper = links.keeper(dossier, site.worker());
    this.reporting =
        new Reporting(links.log().reports(), dossier.lease().window().liveness().heartbeat());
  }

  /** Where a hold comes from. */
  enum Origin {
    /** Just assigned. */
    ASSIGNED,
    /** Found on the disk at start. */
    FOUND
  }

  /** What the worker must know of a hold's comings and goings. */
  interface Tenancy {
    /** It needs its slot no longer. */
    void slotFree();

    /** It was taken up again, alive. */
    void adopted();

    /** It has ended, but so many of its processes cannot be ended. */
    void survived(long processes);

    /** Nothing of it is left. */
    void gone(ProcessHold hold, boolean orphan);
  }

  /** Begins. */
  void begin() {
    if (origin == Origin.ASSIGNED) {
      dossier.lease().mayRenew();
      dossier.report(
          new WorkerReport.Taken(
              site.worker(), dossier.assigned().job(), dossier.assigned().token()));
    }
    links.log().heartbeats().keep(dossier.lease());
    links.machine().indexes().keep(dossier.directory().path());
    Thread.ofVirtual().name("attempt-" + dossier.assigned().token()).start(this::run);
  }

  private void run() {
    try {
      while (!mailbox.leaving() && !gone.isDone()) {
        mailbox.await(lookAndAct());
      }
    } catch (InterruptedException e) {
      log.debug("the hold of job {} was interrupted", dossier.assigned().job());
    } finally {
      links.machine().indexes().release(dossier.directory().path());
      output.close();
      dossier.close();
      Step running = step;
      if (running != null) {
        running.giveUp();
      }
      CompletableFuture.allOf(
              running == null ? CompletableFuture.completedFuture(null) : running.over(),
              keeper.idle(),
              watching.idle())
          .whenComplete((none, failure) -> left.complete(null));
    }
  }

  /** One round; answers how many milliseconds to wait for the next, unless there is news. */
  private long lookAndAct() {
    Standing standing = mailbox.standing();
    Step running = step;
    if (running != null && !running.done()) {
      if (!running.wantedUnder(standing)) {
        running.giveUp();
      }
      return Pace.WHILE_BUSY_MS;
    }
    try {
      Sighting sighting = sighting();
      return act(Reconciliation.decide(standing, sighting), sighting, standing);
    } catch (IOException | RuntimeException e) {
      log.warn("cannot tell what becomes of {}; looking again soon", dossier.directory(), e);
      return Pace.AFTER_FAILURE_MS;
    }
  }

  private Sighting sighting() throws IOException {
    RunDirectory directory = dossier.directory();
    if (alive
        && !lookClosely
        && System.nanoTime() - aliveAtNs < Pace.CLOSE_LOOK_EVERY_NS
        && !links.machine().supervisor().mayHaveEnded(directory)) {
      return new Sighting.Alive();
    }
    lookClosely = false;
    Sighting seen = closeLook(directory);
    alive = seen instanceof Sighting.Alive;
    aliveAtNs = System.nanoTime();
    return seen;
  }

  private Sighting closeLook(RunDirectory directory) throws IOException {
    if (directory.conclusion().isPresent()) {
      return new Sighting.Concluded();
    }
    return switch (links.machine().supervisor().look(directory)) {
      case View.NotLaunched() -> new Sighting.NotLaunched();
      case View.Alive(long jobPid) -> new Sighting.Alive();
      case View.Unknowable(String evidence) -> new Sighting.Unknowable(evidence);
      case View.Ended(ExitRecord record) -> {
        exit = record;
        yield new Sighting.Exited();
      }
    };
  }

  private long act(Action action, Sighting sighting, Standing standing) throws IOException {
    if (standing.isOver()) {
      dossier.close();
      links.log().heartbeats().drop(attempt());
      output.close();
    }
    return switch (action) {
      case Action.Wait() -> Pace.WHILE_WAITING_MS;
      case Action.Watch() -> watch();
      case Action.Stop(Action.Reason reason) -> {
        adopt(standing);
        askToStop(reason);
        yield Pace.WHILE_STOPPING_MS;
      }
      case Action.Report() -> report();
      case Action.Launch() -> begin(action, sighting, launching(action));
      case Action.Collect() -> {
        watching.lastLook();
        publish();
        yield begin(action, sighting, collecting(action));
      }
      case Action.ConcludeCancelled() -> begin(action, sighting, now -> unstarted().cancelled());
      case Action.ConcludeLost(String evidence) -> {
        publish();
        yield begin(action, sighting, losing(action, evidence));
      }
      case Action.Remove() -> begin(action, sighting, now -> remove(standing));
    };
  }

  private Unstarted unstarted() {
    return new Unstarted(site, links, dossier);
  }

  private Step.Work launching(Action action) {
    Optional<String> bug = bugs.evidence(action);
    if (bug.isPresent()) {
      return now -> unstarted().lost("it could not be started: " + bug.get());
    }
    PrepareLimit limit = prepareLimit;
    if (limit == null) {
      limit = new PrepareLimit(dossier.assigned().spec(), links.machine().terms());
      prepareLimit = limit;
    }
    return new Launching(site, links, dossier, limit);
  }

  private Step.Work collecting(Action action) {
    ExitRecord record = exit;
    if (record == null) {
      throw new IllegalStateException("collecting " + dossier.directory() + " without exit record");
    }
    Optional<String> bug = bugs.evidence(action);
    return bug.isPresent() && bugs.hopeless(action)
        ? now -> dossier.concludeLost("its end could not be written down: " + bug.get())
        : new Collecting(
            site,
            links,
            dossier,
            new Collecting.Leavings(output, watching, keeper, record, tenancy::survived),
            bug);
  }

  private Step.Work losing(Action action, String evidence) {
    return new Losing(
        links,
        dossier,
        new Losing.Rest(output, watching, keeper),
        evidence,
        bugs.evidence(action).isPresent());
  }

  private long begin(Action action, Sighting sighting, Step.Work work) {
    var next = new Step(action, sighting);
    step = next;
    next.begin(
        "step-" + dossier.assigned().token(),
        work,
        failure -> {
          if (!mailbox.leaving()) {
            log.warn("{} of {} failed; trying again", action, dossier.directory(), failure);
            bugs.failed(action, failure);
            pause();
          }
        },
        mailbox::wake);
    return Pace.WHILE_BUSY_MS;
  }

  private static void pause() {
    try {
      Thread.sleep(Pace.AFTER_FAILURE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long watch() throws IOException {
    adopt(mailbox.standing());
    watching.look();
    publish();
    keeper.whenDue(() -> !mailbox.standing().isOver() && !mailbox.leaving());
    return Pace.whileRunningMs((System.nanoTime() - begunNs) / 1_000_000);
  }

  private void publish() {
    if (!publishing) {
      publishing = true;
      Thread.ofVirtual().name("output-" + dossier.assigned().token()).start(output);
    }
  }

  /** Told once by each incarnation that finds the job alive. */
  private void adopt(Standing standing) {
    if (origin == Origin.FOUND && !adopted && !standing.isOver()) {
      adopted = true;
      dossier.lease().enter(Phase.RUNNING);
      String evidence = Evidence.ofAdoption(site, dossier, links.machine().supervisor());
      log.info("adopted job {}: {}", dossier.assigned().job(), evidence);
      dossier.report(
          new WorkerReport.Adopted(
              site.worker(),
              dossier.assigned().job(),
              dossier.assigned().token(),
              site.incarnation(),
              evidence));
      tenancy.adopted();
    }
  }

  private void askToStop(Action.Reason reason) throws IOException {
    Stop.Reason why =
        switch (reason) {
          case CANCELLED -> Stop.Reason.CANCELLED;
          case SUPERSEDED -> Stop.Reason.SUPERSEDED;
          case ORPHAN -> Stop.Reason.ORPHAN;
        };
    links.machine().supervisor().stop(dossier.directory(), why, site.stopGrace());
  }

  private long report() throws IOException {
    dossier.lease().enter(Phase.COLLECTING);
    tenancy.slotFree();
    Optional<WorkerReport.OfAttempt> conclusion = dossier.directory().conclusion();
    return conclusion.isPresent() ? reporting.report(conclusion.get()) : 0;
  }

  private void remove(Standing standing) throws IOException, InterruptedException {
    if (standing == Standing.ORPHAN) {
      log.warn("attempt {} is an orphan: the cell knows no such job; removed", attempt());
    }
    links.machine().supervisor().endStray(dossier.directory().path());
    keeper.shelve();
    Path trash = links.machine().supervisor().retire(links.machine().runs(), dossier.directory());
    dossier.provisions().remove();
    links.machine().disk().over(attempt(), Intake.repository(dossier.assigned()), trash);
    tenancy.gone(this, standing == Standing.ORPHAN);
    gone.complete(null);
    Tree.delete(trash);
  }

  @Override
  public HeldAttempt attempt() {
    return dossier.attempt();
  }

  @Override
  public void told(Order.Standing verdict) {
    mailbox.told(verdict);
    if (mailbox.standing() == Standing.CURRENT || mailbox.standing() == Standing.CANCELLING) {
      dossier.lease().mayRenew();
      links.log().heartbeats().beatNow(attempt());
    }
  }

  @Override
  public CompletableFuture<Void> stop(Order.StopReason reason) {
    mailbox.stopped(reason);
    return CompletableFuture.runAsync(
        () -> {
          try {
            if (!gone.isDone()) {
              askToStop(
                  switch (reason) {
                    case CANCELLED -> Action.Reason.CANCELLED;
                    case SUPERSEDED -> Action.Reason.SUPERSEDED;
                  });
            }
          } catch (IOException e) {
            if (Files.exists(dossier.directory().path())) {
              throw new CompletionException(e);
            }
          }
        },
        Thread::startVirtualThread);
  }

  @Override
  public CompletableFuture<Void> settle() {
    mailbox.settled();
    return gone;
  }

  @Override
  public void look() {
    links.log().heartbeats().beatNow(attempt());
    lookClosely = true;
    mailbox.wake();
  }

  @Override
  public void tick(Duration sinceLast) {}

  @Override
  public boolean inTheWay() {
    Standing now = mailbox.standing();
    return now == Standing.SUPERSEDED || now == Standing.ORPHAN;
  }

  @Override
  public boolean survivesWorker() {
    return true;
  }

  @Override
  public CompletableFuture<Void> leave() {
    mailbox.leave();
    return left;
  }
}
