package dev.holdfast.worker.hold;

import dev.holdfast.runtime.file.DiskFull;
import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.attempt.JobResult.Changes;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.QuotaNotice;
import dev.holdfast.schemas.job.QuotaRule;
import dev.holdfast.worker.keep.WorkKeeper;
import dev.holdfast.worker.output.OutputPublisher;
import dev.holdfast.worker.output.StreamDigest;
import dev.holdfast.worker.output.StreamEnd;
import dev.holdfast.worker.process.Ending;
import dev.holdfast.worker.process.ExitRecord;
import dev.holdfast.worker.quota.QuotaScan;
import dev.holdfast.worker.redact.Mask;
import dev.holdfast.worker.redact.MaskedFile;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.workspace.ChangeSummary;
import dev.holdfast.worker.workspace.Collected;
import dev.holdfast.worker.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers what an ended attempt leaves, and writes its outcome down once all of it is safe. */
final class Collecting implements Step.Work {
  private static final Logger log = LoggerFactory.getLogger(Collecting.class);
  private static final long LOOK_UP_EVERY_MS = 100;

  private final Site site;
  private final Links links;
  private final Dossier dossier;
  private final OutputPublisher output;
  private final Watching watching;
  private final WorkKeeper keeper;
  private final ExitRecord exit;
  private final Optional<String> bug;
  private final LongConsumer survived;

  /**
   * What there is of an attempt once its processes are gone.
   *
   * @param survived told how many of them are not
   */
  record Leavings(
      OutputPublisher output,
      Watching watching,
      WorkKeeper keeper,
      ExitRecord exit,
      LongConsumer survived) {}

  /**
   * @param bug why the outcome must do without results; empty normally
   */
  Collecting(Site site, Links links, Dossier dossier, Leavings leavings, Optional<String> bug) {
    this.site = site;
    this.links = links;
    this.dossier = dossier;
    this.output = leavings.output();
    this.watching = leavings.watching();
    this.keeper = leavings.keeper();
    this.exit = leavings.exit();
    this.bug = bug;
    this.survived = leavings.survived();
  }

  @Override
  public void run(Step step) throws IOException, InterruptedException {
    long survivors = survivors();
    var meaning = Outcomes.of(exit, dossier.assigned().spec(), site.worker().value());
    switch (meaning) {
      case Outcomes.Meaning.Lost(String evidence) -> {
        if (bug.isEmpty()) {
          // The next attempt begins with it, whether it was the shim that ended this one or not.
          watching.save();
          keeper.keepLast(() -> !step.givenUp());
        }
        dossier.concludeLost(
            survivors == 0 ? evidence : evidence + "; " + ResultNotes.survived(survivors));
      }
      case Outcomes.Meaning.Ended ended -> {
        output.ended();
        JobResult result =
            ResultNotes.ofSurvivors(
                ResultNotes.ofFullDisk(collect(step), ended.outcome(), dossier, links), survivors);
        OutputTotals totals = totals();
        if (outputIsSafe(step)) {
          dossier.conclude(
              ended.outcome(),
              totals,
              result,
              Outcomes.usage(exit, survivors),
              quota(ended.outcome()));
        }
      }
    }
  }

  /** What the attempt said of its account's limit, without what is secret. */
  private @Nullable QuotaNotice quota(Outcome outcome) throws IOException {
    QuotaRule rule = dossier.assigned().spec().quota();
    if (rule == null) {
      return null;
    }
    Path directory = dossier.directory().path();
    String printed =
        StreamEnd.of(directory.resolve("stderr"))
            + "\n"
            + StreamEnd.of(directory.resolve("stdout"));
    return QuotaScan.of(rule, outcome, printed, Instant.now())
        .map(notice ->
            new QuotaNotice(notice.resetAt(), dossier.provisions().mask().text(notice.said())))
        .orElse(null);
  }

  /**
   * How many processes live that should not. The outcome does not wait for their end, which may
   * never come; the attempt's directory does.
   */
  private long survivors() throws IOException, InterruptedException {
    long survivors = links.machine().supervisor().endSurvivors(dossier.directory(), exit);
    if (survivors > 0) {
      log.warn("job {}: {}", dossier.assigned().job(), ResultNotes.survived(survivors));
      survived.accept(survivors);
    }
    return survivors;
  }

  private @Nullable JobResult collect(Step step) throws IOException, InterruptedException {
    if (dossier.assigned().spec().repository() == null
        || exit.ending() instanceof Ending.StartFailed
        || step.givenUp()) {
      return null;
    }
    dossier.enter(Phase.COLLECTING);
    if (bug.isPresent()) {
      return new JobResult(
          List.of(), nothingKnown(List.of("the changes could not be collected: " + bug.get())));
    }
    RunDirectory directory = dossier.directory();
    Files.createDirectories(directory.results());
    Workspaces workspaces = links.machine().workspaces().get();
    Collected collected =
        workspaces.collect(directory.work(), directory.results(), site.limits().collect());
    waitForRoom(collected.notes());
    var notes = new ArrayList<String>();
    workspaces.prepared(directory.work()).ifPresent(made -> notes.addAll(made.notes()));
    notes.addAll(collected.notes());
    var files = new ArrayList<BlobRef>();
    maskText(collected.diff());
    store(files, Collected.DIFF_FILE, "text/x-diff", collected.diff());
    store(files, Collected.BUNDLE_FILE, "application/x-git-bundle", collected.bundle());
    return new JobResult(
        List.copyOf(files),
        collected
            .summary()
            .map(summary -> changes(summary, collected.leftOut(), notes))
            .orElseGet(() -> nothingKnown(notes)));
  }

  /**
   * What could not be written for want of room is tried again for a while: the worker is giving up
   * its caches meanwhile. In the end an outcome without all results is better than none.
   */
  private void waitForRoom(List<String> notes) throws IOException {
    if (notes.stream().anyMatch(DiskFull::isNamedIn) && dossier.mayWaitForRoom()) {
      throw new IOException("no room for the results of " + dossier.directory() + ": " + notes);
    }
  }

  /** A bundle holds objects by their digests and cannot be masked; a diff can. */
  private void maskText(Optional<Path> diff) throws IOException {
    Mask mask = dossier.provisions().mask();
    if (diff.isPresent() && !mask.isNone()) {
      MaskedFile.mask(diff.get(), mask);
    }
  }

  private void store(List<BlobRef> files, String name, String mediaType, Optional<Path> file)
      throws IOException, InterruptedException {
    if (file.isPresent()) {
      files.add(links.log().blobs().store(name, mediaType, file.get()));
    }
  }

  private static Changes changes(ChangeSummary summary, int leftOut, List<String> notes) {
    return new Changes(
        summary.baseCommit(),
        summary.headCommit().orElse(""),
        summary.commits(),
        summary.filesChanged(),
        (int) Math.min(Integer.MAX_VALUE, summary.insertions()),
        (int) Math.min(Integer.MAX_VALUE, summary.deletions()),
        summary.uncommittedFiles(),
        leftOut,
        String.join("; ", notes));
  }

  private static Changes nothingKnown(List<String> notes) {
    return new Changes("", "", 0, 0, 0, 0, 0, 0, String.join("; ", notes));
  }

  private OutputTotals totals() throws IOException {
    Path directory = dossier.directory().path();
    var limit = site.limits().output();
    Mask mask = dossier.provisions().mask();
    return new OutputTotals(
        StreamDigest.of(directory.resolve("stdout"), mask).total(limit),
        StreamDigest.of(directory.resolve("stderr"), mask).total(limit));
  }

  /** Waits until all output is acknowledged, for as long as anybody wants to know. */
  private boolean outputIsSafe(Step step) throws InterruptedException {
    while (!step.givenUp()) {
      try {
        output.done().get(LOOK_UP_EVERY_MS, TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        continue;
      } catch (ExecutionException e) {
        throw new IllegalStateException("the output publisher never fails, it tries again", e);
      }
    }
    return false;
  }
}
