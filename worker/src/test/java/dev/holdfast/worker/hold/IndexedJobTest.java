package dev.holdfast.worker.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.index.IndexFixture;
import dev.holdfast.worker.index.cidx.CidxStandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole attempts of jobs that ask for an index. */
class IndexedJobTest {
  @TempDir Path data;
  @TempDir Path temporary;
  private final InMemoryCell cell = new InMemoryCell();
  private IndexFixture fixture;
  private TestWorker worker;

  @BeforeEach
  void commit() throws Exception {
    fixture = new IndexFixture(temporary).withFiles(20, 5);
  }

  private void start(TestWorker.Setup setup) throws Exception {
    worker = new TestWorker(data, cell, setup);
    await().until(() -> worker.desk.reconciled() && !cell.presences.isEmpty());
    await().until(() -> cell.presences.getLast().slots() > 0);
  }

  @AfterEach
  void stop() {
    worker.close();
    cell.close();
  }

  private Order.Assigned assign(String job, IndexKind kind, String script) {
    return worker.assign(
        job,
        new JobSpec(
            List.of("sh", "-c", script),
            null,
            new RepositoryRef(fixture.source.toString(), null, null, kind, null),
            null,
            null,
            null,
            null,
            null));
  }

  private String printed(Order.Assigned assigned) {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() ->
            cell.reports(WorkerReport.Ended.class).stream()
                .anyMatch(ended -> ended.job().equals(assigned.job())));
    return new String(
        cell.output(assigned.job(), OutputStreamName.STDOUT),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void aJobSearchesItsIndex() throws Exception {
    start(TestWorker.Setup.QUICK);

    var assigned =
        assign(
            "job-1",
            IndexKind.LUCENE,
            "\"$HOLDFAST_SEARCH\" parse header works; echo \"$? $HOLDFAST_INDEX_STATE\"");

    assertThat(printed(assigned))
        .isEqualTo("docs/guide.md:3:How the parseHttpHeader method works.\n0 ready\n");
    assertThat(cell.output(assigned.job(), OutputStreamName.STDERR)).isEmpty();
    assertThat(cell.reports(WorkerReport.PhaseEntered.class))
        .extracting(WorkerReport.PhaseEntered::phase)
        .containsSubsequence(Phase.INDEXING, Phase.RUNNING);
    assertThat(cell.reports(WorkerReport.Ended.class).getFirst().result().changes().filesChanged())
        .isZero();
  }

  @Test
  void aJobFindsAnIndexOfCidxInItsWorkTreeWhichIsNoChangeOfIts() throws Exception {
    var tool = new CidxStandIn(temporary.resolve("tool"));
    start(TestWorker.Setup.QUICK.with(List.of(tool.index())));

    var assigned =
        assign(
            "job-1",
            IndexKind.CIDX,
            "test -f .code-indexer/config.json && echo $HOLDFAST_INDEX_STATE; git status -s");

    assertThat(printed(assigned)).isEqualTo("ready\n");
    var changes = cell.reports(WorkerReport.Ended.class).getFirst().result().changes();
    assertThat(changes.filesChanged()).isZero();
    assertThat(changes.uncommittedFiles()).isZero();
  }

  @Test
  void anIndexStaysAfterTheJobsThatUsedIt() throws Exception {
    start(TestWorker.Setup.QUICK);
    String where = printed(assign("job-1", IndexKind.LUCENE, "printf %s \"$HOLDFAST_INDEX\""));
    await().until(() -> worker.desk.held() == 0);

    assertThat(printed(assign("job-2", IndexKind.LUCENE, "printf %s \"$HOLDFAST_INDEX\"")))
        .isEqualTo(where);
    assertThat(Files.isDirectory(Path.of(where))).isTrue();
  }

  @Test
  void aJobIsToldThatItRunsWithoutAnIndexAndWhy() throws Exception {
    start(TestWorker.Setup.QUICK.with(List.of()));

    var assigned =
        assign(
            "job-1",
            IndexKind.LUCENE,
            "echo \"$HOLDFAST_INDEX_STATE: $HOLDFAST_INDEX_NOTE\"; test -z \"$HOLDFAST_SEARCH\"");

    assertThat(printed(assigned)).isEqualTo("none: this worker makes no index of kind lucene\n");
    assertThat(cell.reports(WorkerReport.Ended.class).getFirst().outcome())
        .isEqualTo(new Outcome.Exited(0));
  }

  @Test
  void aJobThatAsksForNoneIsToldNothing() throws Exception {
    start(TestWorker.Setup.QUICK);

    assertThat(printed(assign("job-1", null, "env | grep -c HOLDFAST_INDEX"))).isEqualTo("0\n");
  }
}
