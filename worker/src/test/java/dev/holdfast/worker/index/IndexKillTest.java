package dev.holdfast.worker.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the JVM that makes an index, at any instant. */
class IndexKillTest {
  private static final int KILLS = Integer.getInteger("holdfast.index.kills", 8);

  @TempDir Path temporary;
  private IndexFixture fixture;
  private PreparedWorkspace workspace;
  private IndexPlace place;

  @Test
  void aKillLeavesAWholeIndexOrNone() throws Exception {
    fixture = new IndexFixture(temporary).withFiles(300, 3);
    workspace = fixture.prepare("job-1");
    place = fixture.place(IndexKind.LUCENE, workspace);
    long wholeMs = makeAll();
    int halfMade = 0;
    int complete = 0;

    for (int seed = 1; seed <= KILLS; seed++) {
      remove();
      killAfter(new Random(seed).nextLong(wholeMs));

      if (Files.exists(place.directory())) {
        complete++;
        assertThat(
                new Inspection()
                    .damage(place.directory(), fixture.lucene(), workspace.baseCommit()))
            .as("seed %d: an index that is there is whole", seed)
            .isEmpty();
      }
      halfMade += Hidden.named(place.repository(), IndexPlace.MAKING).isEmpty() ? 0 : 1;
      try (CodeIndexes indexes = fixture.open(fixture.lucene())) {
        IndexForJob answer =
            indexes.ready(
                IndexKind.LUCENE, workspace, fixture.runDirectory("job-1"), IndexFixture.patient());
        assertThat(answer).as("seed %d", seed).isInstanceOf(IndexForJob.Ready.class);
      }
      assertThat(
              new Inspection().damage(place.directory(), fixture.lucene(), workspace.baseCommit()))
          .as("seed %d", seed)
          .isEmpty();
      assertThat(Hidden.named(place.repository(), IndexPlace.MAKING))
          .as("seed %d: nothing half made stays", seed)
          .isEmpty();
    }

    System.out.printf(
        "index kills: %d within %d ms, %d left it half made, %d complete; 0 half served%n",
        KILLS, wholeMs, halfMade, complete);
    assertThat(halfMade).as("kills that hit the making").isPositive();
  }

  /** How long it takes when nobody kills, from the moment it says that it begins. */
  private long makeAll() throws Exception {
    Process maker = start();
    try (BufferedReader told = maker.inputReader()) {
      assertThat(told.readLine()).isEqualTo("making");
      long begunNs = System.nanoTime();
      assertThat(told.readLine()).isEqualTo("ready");
      return (System.nanoTime() - begunNs) / 1_000_000;
    } finally {
      maker.destroyForcibly().waitFor();
    }
  }

  private void killAfter(long ms) throws Exception {
    Process maker = start();
    try (BufferedReader told = maker.inputReader()) {
      assertThat(told.readLine()).isEqualTo("making");
      maker.waitFor(ms, TimeUnit.MILLISECONDS);
    } finally {
      maker.destroyForcibly().waitFor();
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            IndexMaker.class.getName(),
            fixture.root.toString(),
            fixture.runDirectory("job-1").toString(),
            workspace.mirror().toString(),
            workspace.baseCommit())
        .redirectError(temporary.resolve("maker.err").toFile())
        .start();
  }

  private void remove() throws IOException {
    Files.deleteIfExists(fixture.runDirectory("job-1").resolve("index"));
    for (IndexShelf.Shelved index : fixture.shelf().all()) {
      assertThat(fixture.shelf().remove(index)).isTrue();
    }
  }
}
