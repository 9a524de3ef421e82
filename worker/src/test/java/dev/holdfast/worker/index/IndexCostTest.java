package dev.holdfast.worker.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.index.lucene.LuceneIndex;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an index of a thousand files costs; printed, and held to what a job can bear. */
class IndexCostTest {
  private static final int FILES = 1000;
  private static final int TIMES = 5;

  @TempDir Path temporary;

  private interface Work {
    void run() throws Exception;
  }

  @Test
  void makingAndCheckingAreCheap() throws Exception {
    var fixture = new IndexFixture(temporary).withFiles(FILES, 11);
    PreparedWorkspace workspace = fixture.prepare("job-1");
    IndexPlace place = fixture.place(IndexKind.LUCENE, workspace);
    LuceneIndex index = fixture.lucene();
    try (CodeIndexes indexes = fixture.open(index)) {
      Work ask =
          () ->
              assertThat(
                      indexes.ready(
                          IndexKind.LUCENE,
                          workspace,
                          fixture.runDirectory("job-1"),
                          IndexFixture.patient()))
                  .isInstanceOf(IndexForJob.Ready.class);
      long makingMs = bestOfMs(1, ask);
      long inFullMs =
          bestOfMs(
              TIMES,
              () ->
                  assertThat(
                          new Inspection().damage(place.directory(), index, workspace.baseCommit()))
                      .isEmpty());
      long checkIndexMs =
          bestOfMs(
              TIMES,
              () -> assertThat(index.damage(place.data(), workspace.baseCommit())).isEmpty());
      long againMs = bestOfMs(TIMES, ask);
      long bytes = fixture.shelf().all().getFirst().bytes();
      System.out.printf(
          "index of %d files, %d KB: made in %d ms, checked in full in %d ms (of that CheckIndex"
              + " %d ms), given again in %d ms%n",
          FILES, bytes / 1024, makingMs, inFullMs, checkIndexMs, againMs);
      assertThat(makingMs).isLessThan(30_000);
      assertThat(inFullMs).isLessThan(10_000);
    }
  }

  private static long bestOfMs(int times, Work work) throws Exception {
    long best = Long.MAX_VALUE;
    for (int time = 0; time < times; time++) {
      long begunNs = System.nanoTime();
      work.run();
      best = Math.min(best, (System.nanoTime() - begunNs) / 1_000_000);
    }
    return best;
  }
}
