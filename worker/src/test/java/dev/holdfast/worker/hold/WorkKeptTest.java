package dev.holdfast.worker.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Kept;
import dev.holdfast.schemas.job.KeptKind;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.worker.workspace.GitSettings;
import dev.holdfast.worker.workspace.GitWorkspaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole attempts that are cut short with work in their workspace. */
class WorkKeptTest {
  private static final String WORK =
      "git config user.name j; git config user.email j@x; echo one > committed.txt; git add -A; git"
          + " commit -qm committed; echo two > loose.txt; echo three >> README; echo written; ";

  @TempDir Path temporary;
  private final InMemoryCell cell = new InMemoryCell();
  private TestWorker worker;
  private Path repository;

  @BeforeEach
  void start() throws Exception {
    repository = temporary.resolve("repository");
    try (Git git = Git.init().setDirectory(repository.toFile()).setInitialBranch("main").call()) {
      Files.writeString(repository.resolve("README"), "readme\n");
      git.add().addFilepattern(".").call();
      git.commit().setMessage("first").setAuthor("a", "a@x").setCommitter("a", "a@x").call();
    }
    start(TestWorker.Setup.QUICK);
  }

  private void start(TestWorker.Setup setup) throws Exception {
    worker = new TestWorker(temporary.resolve("data"), cell, setup);
    await().until(() -> worker.desk.reconciled() && !cell.presences.isEmpty());
    await().until(() -> cell.presences.getLast().slots() > 0);
  }

  @AfterEach
  void stop() {
    worker.close();
    cell.close();
  }

  private JobSpec job(String script) {
    var ref =
        new RepositoryRef(repository.toString(), null, null, null, RepositoryRef.Resume.SAVED_WORK);
    return new JobSpec(List.of("sh", "-c", script), null, ref, null, null, null, null, null);
  }

  private String stdout(Order.Assigned assigned) {
    return new String(cell.output(assigned.job(), OutputStreamName.STDOUT), UTF_8);
  }

  private Order.Assigned working() {
    var assigned = worker.assign("job-1", job(WORK + "exec sleep 1000"));
    await().atMost(Duration.ofSeconds(30)).until(() -> stdout(assigned).contains("written"));
    return assigned;
  }

  private void supersede(Order.Assigned assigned) {
    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.SUPERSEDED));
    await().atMost(Duration.ofSeconds(30)).until(() -> worker.desk.held() == 0);
  }

  private BlobRef kept() {
    return cell.reports(WorkerReport.FileKept.class).getLast().file();
  }

  @Test
  void savesALongJobsWorkWhileItRunsAndOnlyWhatIsNew() {
    var assigned = working();

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !cell.reports(WorkerReport.FileKept.class).isEmpty());
    assertThat(cell.reports(WorkerReport.FileKept.class).getLast())
        .satisfies(report -> {
          assertThat(report.kind()).isEqualTo(KeptKind.WORK);
          assertThat(report.token()).isEqualTo(assigned.token());
          assertThat(cell.blobs).containsKey(report.file().sha256());
        });
    supersede(assigned);
    assertThat(cell.reports(WorkerReport.FileKept.class))
        .as("each save has something new")
        .extracting(report -> report.file().sha256())
        .doesNotHaveDuplicates();
  }

  @Test
  void seedsTheNextAttemptWithTheWorkOfALostOne() throws Exception {
    var first = working();
    String identity = Files.readString(worker.directory(first).resolve("identity"));
    long shim = Long.parseLong(identity.replaceAll("(?s).*shim_pid=(\\d+).*", "$1"));
    ProcessHandle.of(shim).orElseThrow().destroyForcibly();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !cell.reports(WorkerReport.Lost.class).isEmpty());
    List<WorkerReport> reports = List.copyOf(cell.reports);
    assertThat(reports.indexOf(cell.reports(WorkerReport.FileKept.class).getLast()))
        .as("the work is the cell's before the attempt is given up")
        .isLessThan(reports.indexOf(cell.reports(WorkerReport.Lost.class).getFirst()));
    await().atMost(Duration.ofSeconds(30)).until(() -> worker.desk.held() == 0);
    assertThat(shelved()).as("what the cell has needs no place here").isEmpty();

    var second =
        worker.assign(
            "job-1",
            job(
                // The cell in memory takes this for what the first attempt had printed.
                "echo written; git log --format=%s -1; git status --porcelain; cat loose.txt"
                    + " README; echo \"[$HOLDFAST_SAVED_WORK]\""),
            new Kept(null, kept()));
    await().atMost(Duration.ofSeconds(30)).until(() -> stdout(second).contains("[]"));
    assertThat(stdout(second))
        .isEqualTo("written\ncommitted\n M README\n?? loose.txt\ntwo\nreadme\nthree\n[]\n");
  }

  private void awaitEnded() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
  }

  @Test
  void givesTheArchiveToAnAttemptThatItDoesNotFit() throws Exception {
    Path archive = Files.writeString(temporary.resolve("archive"), "no bundle");
    BlobRef damaged = cell.store("work.bundle", "application/x-git-bundle", archive);

    var assigned =
        worker.assign(
            "job-1",
            job("git status --porcelain; cat \"$HOLDFAST_SAVED_WORK\""),
            new Kept(null, damaged));
    awaitEnded();

    assertThat(stdout(assigned)).isEqualTo("no bundle");
    assertThat(cell.reports(WorkerReport.Ended.class).getFirst().result().changes().note())
        .contains("begins fresh");
  }

  @Test
  void keepsTheWorkOfASupersededAttemptOnThisWorker() throws Exception {
    var assigned = working();
    // Newer than anything that was saved on the way.
    Files.writeString(worker.directory(assigned).resolve("work/newest.txt"), "newest\n");

    supersede(assigned);

    if (shelved().isEmpty()) {
      assertThat(bundleHolds(blobFile(), "newest.txt")).as("saved just before").isTrue();
    } else {
      Path entry = shelved().getFirst();
      assertThat(entry.resolve("about.txt")).content().contains("base commit", "job-1");
      assertThat(bundleHolds(entry.resolve("changes.bundle"), "newest.txt")).isTrue();
    }
  }

  @Test
  void shelvesNothingOfAJobWhoseResultHoldsAll() throws Exception {
    worker.assign("job-1", job(WORK));
    awaitEnded();
    await().until(() -> worker.desk.held() == 0);

    assertThat(shelved()).isEmpty();
    assertThat(cell.reports(WorkerReport.Ended.class).getFirst().result().files())
        .extracting(BlobRef::name)
        .contains("changes.bundle");
  }

  @Test
  void bundlesTheWorkOfACancelledAttempt() throws Exception {
    var assigned = working();

    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.CANCELLED));

    assertThat(endedWithItsWork()).isInstanceOf(Outcome.Cancelled.class);
  }

  @Test
  void bundlesTheWorkOfAnAttemptThatTimedOut() throws Exception {
    JobSpec asked = job(WORK + "exec sleep 1000");
    worker.assign(
        "job-1",
        new JobSpec(
            asked.command(),
            null,
            asked.repository(),
            null,
            null,
            null,
            new Timeouts(null, Duration.ofSeconds(5), null),
            null));

    assertThat(endedWithItsWork()).isEqualTo(new Outcome.TimedOut("run"));
  }

  /** Its commit and what it had not committed are in the result, so nothing is shelved. */
  private Outcome endedWithItsWork() throws Exception {
    awaitEnded();
    WorkerReport.Ended ended = cell.reports(WorkerReport.Ended.class).getFirst();
    assertThat(ended.result().changes().commits()).isEqualTo(1);
    assertThat(ended.result().changes().uncommittedFiles()).isEqualTo(2);
    BlobRef bundle =
        ended.result().files().stream()
            .filter(file -> file.name().equals("changes.bundle"))
            .findAny()
            .orElseThrow();
    Path file = Files.write(temporary.resolve("changes.bundle"), cell.blobs.get(bundle.sha256()));
    assertThat(bundleHolds(file, "committed.txt")).isTrue();
    assertThat(bundleHolds(file, "loose.txt")).isTrue();
    await().until(() -> worker.desk.held() == 0);
    assertThat(shelved()).isEmpty();
    return ended.outcome();
  }

  /** With a worker that bundles at most 100 bytes of what was not committed. */
  private void startStingy() throws Exception {
    worker.close();
    Path data = temporary.resolve("data");
    var git =
        new GitWorkspaces(
            new GitSettings(data.resolve("mirrors"), Duration.ofSeconds(5), data.resolve("ssh")),
            InstantSource.system());
    cell.presences.clear();
    start(TestWorker.Setup.QUICK.with(new FlakyWorkspaces(git, 100)));
  }

  @Test
  void keepsTheWorkspaceOfAFailedJobWhoseLargeFileWasLeftOut() throws Exception {
    startStingy();

    worker.assign("job-1", job("head -c 101 /dev/zero > large; exit 3"));
    awaitEnded();
    await().atMost(Duration.ofSeconds(30)).until(() -> worker.desk.held() == 0);

    WorkerReport.Ended ended = cell.reports(WorkerReport.Ended.class).getFirst();
    assertThat(ended.outcome()).isEqualTo(new Outcome.Exited(3));
    assertThat(ended.result().changes().leftOut()).isEqualTo(1);
    assertThat(ended.result().changes().note()).contains("large: over the limit");
    assertThat(shelved().getFirst().resolve("work/large")).hasSize(101);
    assertThat(shelved().getFirst().resolve("about.txt")).content().contains("large: over");
  }

  @Test
  void keepsTheWorkspaceOfAnOvertakenAttemptWhoseLargeFileWasLeftOut() throws Exception {
    startStingy();
    var assigned =
        worker.assign(
            "job-1",
            job("head -c 101 /dev/zero > large; echo small > small; echo written; sleep 1000"));
    await().atMost(Duration.ofSeconds(30)).until(() -> stdout(assigned).contains("written"));

    supersede(assigned);

    assertThat(shelved().getFirst().resolve("work/large")).hasSize(101);
    assertThat(shelved().getFirst().resolve("work/small")).hasContent("small");
  }

  private Path blobFile() throws Exception {
    return Files.write(temporary.resolve("blob.bundle"), cell.blobs.get(kept().sha256()));
  }

  private boolean bundleHolds(Path bundle, String path) throws Exception {
    try (Git git = Git.open(repository.toFile())) {
      git.fetch()
          .setRemote(bundle.toUri().toString())
          .setRefSpecs("refs/holdfast/uncommitted:refs/test/uncommitted")
          .call();
      var commit =
          git.getRepository().parseCommit(git.getRepository().resolve("refs/test/uncommitted"));
      try (var walk = TreeWalk.forPath(git.getRepository(), path, commit.getTree())) {
        return walk != null;
      }
    }
  }

  private List<Path> shelved() throws Exception {
    Path shelf = temporary.resolve("data/saved");
    if (!Files.isDirectory(shelf)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(shelf)) {
      return entries.toList();
    }
  }
}
