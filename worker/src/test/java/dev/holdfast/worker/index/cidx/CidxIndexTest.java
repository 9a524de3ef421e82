package dev.holdfast.worker.index.cidx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.index.CodeIndexes;
import dev.holdfast.worker.index.IndexFixture;
import dev.holdfast.worker.index.IndexForJob;
import dev.holdfast.worker.process.ProcessIdentity;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way of an index of {@code cidx}, from the commit to the work tree of a job. */
class CidxIndexTest {
  private static final String FIX = "fix-config --force";

  @TempDir Path temporary;
  private IndexFixture fixture;
  private CidxStandIn tool;
  private CodeIndexes indexes;

  @BeforeEach
  void prepare() throws Exception {
    tool = new CidxStandIn(temporary.resolve("tool"));
    fixture = new IndexFixture(temporary);
    for (int number = 1; number <= 4; number++) {
      fixture.write("file" + number + ".txt", "text " + number);
    }
    fixture.commit("first");
    indexes = fixture.open(tool.index());
  }

  @AfterEach
  void close() {
    indexes.close();
  }

  private IndexForJob ready(String job) throws InterruptedException {
    PreparedWorkspace workspace = fixture.prepare(job);
    return indexes.ready(
        IndexKind.CIDX, workspace, fixture.runDirectory(job), IndexFixture.patient());
  }

  private Path index() throws IOException {
    return fixture.shelf().all().stream()
        .map(shelved -> shelved.directory())
        .filter(directory -> directory.getFileName().toString().startsWith("cidx-"))
        .findFirst()
        .orElseThrow();
  }

  /** It is asked to buy embeddings, and its worker is killed: nobody will ever use them. */
  @Test
  void endsTheProgramThatAKilledWorkerHasLeftBeforeItTakesItsDirectory() throws Exception {
    List<ProcessIdentity> left = leftByAKilledWorker();
    assertThat(left).isNotEmpty().allMatch(ProcessIdentity::isAlive);
    tool.without("slow");

    assertThat(ready("job-1")).isInstanceOf(IndexForJob.Ready.class);

    assertThat(left).noneMatch(ProcessIdentity::isAlive);
    assertThat(tool.embedded()).as("bought once").hasSize(4);
  }

  @Test
  void endsTheProgramThatAKilledWorkerHasLeftWhenAWorkerStarts() throws Exception {
    List<ProcessIdentity> left = leftByAKilledWorker();

    fixture.shelf().sweep();

    assertThat(left).isNotEmpty().noneMatch(ProcessIdentity::isAlive);
  }

  private List<ProcessIdentity> leftByAKilledWorker() throws Exception {
    tool.with("slow");
    PreparedWorkspace workspace = fixture.prepare("job-1");
    Process maker = tool.makeIn(fixture, workspace, fixture.runDirectory("job-1"));
    try {
      await().atMost(Duration.ofSeconds(120)).until(() -> tool.hasBegun("index"));
      return maker
          .descendants()
          .flatMap(child -> ProcessIdentity.of(child.pid()).stream())
          .toList();
    } finally {
      maker.destroyForcibly().waitFor();
    }
  }

  @Test
  void isMadeOnceAndCopiedIntoEachWorkspace() throws Exception {
    IndexForJob first = ready("job-1");
    assertThat(tool.commands()).containsExactly("init", "index", FIX);
    assertThat(tool.embedded()).hasSize(4);
    IndexForJob second = ready("job-2");
    assertThat(tool.commands()).containsExactly(FIX);
    assertThat(tool.embedded()).isEmpty();

    Path store = fixture.runDirectory("job-2").resolve("work/.code-indexer");
    assertThat(first).isInstanceOf(IndexForJob.Ready.class);
    assertThat(second.environment())
        .containsEntry("HOLDFAST_INDEX_STATE", "ready")
        .containsEntry("HOLDFAST_INDEX", store.toString());
    assertThat(Files.readString(store.resolve("config.json")))
        .contains(fixture.runDirectory("job-2").resolve("work").toString());
    assertThat(Files.isWritable(store.resolve("metadata.json"))).isTrue();
  }

  @Test
  void comesFromTheIndexOfTheCommitBefore() throws Exception {
    ready("job-1");
    tool.commands();
    tool.embedded();
    fixture.write("file2.txt", "changed");
    fixture.commit("second");

    assertThat(ready("job-2")).isInstanceOf(IndexForJob.Ready.class);

    assertThat(tool.commands()).containsExactly(FIX, "index --reconcile", FIX);
    assertThat(tool.embedded()).containsExactly("./file2.txt");
  }

  /** Every single file of a kept index, one after the other. */
  @Test
  void aDamagedFileIsFoundAndMendedWithoutEmbeddingsWherePossible() throws Exception {
    ready("job-0");
    tool.commands();
    tool.embedded();
    List<String> names = filesOfTheIndex();
    int mended = 0;
    int embedded = 0;
    for (int number = 0; number < names.size(); number++) {
      String name = names.get(number);
      flip(index().resolve(name));

      IndexForJob answer = ready("job-" + (number + 1));

      assertThat(answer).as(name).isInstanceOf(IndexForJob.Ready.class);
      assertThat(answer.environment().get("HOLDFAST_INDEX_NOTE")).as(name).contains("damaged");
      List<String> commands = tool.commands();
      boolean cheap = !commands.contains("index --clear");
      assertThat(tool.embedded()).as(name).hasSize(cheap ? 0 : 4);
      assertThat(cheap)
          .as("%s by %s", name, commands)
          .isEqualTo(
              !name.contains("vector_")
                  && !name.contains("projection")
                  && !name.contains("collection_meta"));
      mended++;
      embedded += cheap ? 0 : 1;
    }
    System.out.printf(
        "cidx corruptions: %d planted, %d found and mended, %d of them with new embeddings%n",
        names.size(), mended, embedded);
    assertThat(mended).isGreaterThan(10);
  }

  private List<String> filesOfTheIndex() throws IOException {
    Path index = index();
    try (Stream<Path> all = Files.walk(index.resolve("data"))) {
      return all.filter(Files::isRegularFile)
          .map(file -> index.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(file, bytes);
  }

  @Test
  void isGivenWhileTheServiceIsAwayIfItIsThere() throws Exception {
    ready("job-1");
    tool.commands();
    tool.with("down");

    assertThat(ready("job-2")).isInstanceOf(IndexForJob.Ready.class);
    assertThat(tool.commands()).containsExactly(FIX);
  }

  @Test
  void tellsTheJobWhenTheServiceIsAwayAndNoIndexIsThere() throws Exception {
    tool.with("down");

    assertThat(ready("job-1").environment())
        .containsEntry("HOLDFAST_INDEX_STATE", "none")
        .hasEntrySatisfying(
            "HOLDFAST_INDEX_NOTE",
            note ->
                assertThat(note)
                    .contains("its service cannot be used", "connection refused")
                    .doesNotContain(CidxStandIn.KEY));
    assertThat(tool.commands()).containsExactly("init", "index");
    assertThat(fixture.runDirectory("job-1").resolve("work/.code-indexer")).doesNotExist();
  }

  @Test
  void keepsADamagedIndexUntilTheServiceCanMendIt() throws Exception {
    ready("job-1");
    tool.commands();
    tool.embedded();
    Path vector =
        index()
            .resolve(
                filesOfTheIndex().stream()
                    .filter(name -> name.contains("vector_"))
                    .findFirst()
                    .orElseThrow());
    Path graph = index().resolve("data/.code-indexer/index/voyage-code-3/hnsw_index.bin");
    flip(vector);
    flip(graph);
    tool.with("down");
    assertThat(ready("job-2")).isInstanceOf(IndexForJob.None.class);
    assertThat(tool.commands()).containsExactly(FIX, "index --rebuild-index", "index --clear");

    tool.without("down");
    assertThat(ready("job-3")).isInstanceOf(IndexForJob.Ready.class);
    assertThat(tool.commands())
        .as("what was set aside is mended")
        .contains("index --clear")
        .doesNotContain("init");
  }

  @Test
  void startsAnewWhenItIsUnknownWhatIsDamaged() throws Exception {
    ready("job-1");
    tool.commands();
    flip(index().resolve("manifest.json"));

    assertThat(ready("job-2")).isInstanceOf(IndexForJob.Ready.class);
    assertThat(tool.commands()).containsExactly("init", "index", FIX);
  }

  @Test
  void leavesARepositoryAloneThatHasAnIndexOfItsOwn() throws Exception {
    fixture.write(".code-indexer/config.json", "{}");
    fixture.commit("own");

    assertThat(ready("job-1").environment().get("HOLDFAST_INDEX_NOTE"))
        .contains(".code-indexer of its own");
    assertThat(fixture.runDirectory("job-1").resolve("work/.code-indexer/config.json"))
        .hasContent("{}");
    assertThat(tool.commands()).isEmpty();
  }

  @Test
  void tellsTheJobThatTheToolIsMissing() throws Exception {
    indexes.close();
    indexes =
        fixture.open(
            new CidxIndex("/no/such/cidx", java.util.Map.of(), java.time.InstantSource.system()));

    assertThat(ready("job-1").environment().get("HOLDFAST_INDEX_NOTE"))
        .contains("/no/such/cidx", "HOLDFAST_CIDX");
  }
}
