package dev.holdfast.worker.index.cidx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.worker.index.IndexException;
import dev.holdfast.worker.index.IndexFixture;
import dev.holdfast.worker.index.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every damage that is known, planted one by one; which commands are run, in which order. */
class CareTest {
  private static final String COLLECTION = "index/voyage-code-3/";
  private static final String FIX = "fix-config --force";

  @TempDir Path temporary;
  private CidxStandIn tool;
  private Path project;
  private Path store;

  /** A damage, and what mends it. */
  private enum Damage {
    CONFIG_TRUNCATED(FIX) {
      @Override
      void plant(CareTest at) throws IOException {
        at.write("config.json", "{\"codebase_dir\": ");
      }
    },
    CONFIG_OF_ANOTHER_PLACE(FIX) {
      @Override
      void plant(CareTest at) throws IOException {
        at.write("config.json", "{\"codebase_dir\": \"/somewhere/else\"}");
      }
    },
    CONFIG_MISSING(FIX, "init") {
      @Override
      void plant(CareTest at) throws IOException {
        at.delete("config.json");
      }
    },
    METADATA_UNREADABLE(FIX, "index --reconcile") {
      @Override
      void plant(CareTest at) throws IOException {
        at.write("metadata.json", "{\"status\": \"comp");
      }
    },
    METADATA_MISSING(FIX, "index") {
      @Override
      void plant(CareTest at) throws IOException {
        at.delete("metadata.json");
      }
    },
    INTERRUPTED(FIX, "index") {
      @Override
      void plant(CareTest at) throws IOException {
        at.edit("metadata.json", "completed", "in_progress");
      }
    },
    FAILED(FIX, "index") {
      @Override
      void plant(CareTest at) throws IOException {
        at.edit("metadata.json", "completed", "failed");
      }
    },
    VECTORS_OF_NO_FILE(FIX, "index --clear") {
      @Override
      void plant(CareTest at) throws IOException {
        at.edit("metadata.json", "\"files_processed\": 3", "\"files_processed\": 0");
      }
    },
    PROJECTION_MISSING(FIX, "index --clear") {
      @Override
      void plant(CareTest at) throws IOException {
        at.delete(COLLECTION + "projection_matrix.npy");
      }
    },
    PROJECTION_EMPTY(FIX, "index --clear") {
      @Override
      void plant(CareTest at) throws IOException {
        at.write(COLLECTION + "projection_matrix.npy", "");
      }
    },
    COLLECTION_META_MISSING(FIX, "index --clear") {
      @Override
      void plant(CareTest at) throws IOException {
        at.delete(COLLECTION + "collection_meta.json");
      }
    },
    COLLECTION_META_INVALID(FIX, "index --clear") {
      @Override
      void plant(CareTest at) throws IOException {
        at.write(COLLECTION + "collection_meta.json", "{\"vector_size\": \"none\"}");
      }
    },
    GRAPH_MISSING(FIX, "index --rebuild-index") {
      @Override
      void plant(CareTest at) throws IOException {
        at.delete(COLLECTION + "hnsw_index.bin");
      }
    },
    GRAPH_STALE(FIX, "index --rebuild-index") {
      @Override
      void plant(CareTest at) throws IOException {
        at.edit(COLLECTION + "collection_meta.json", "\"is_stale\": false", "\"is_stale\": true");
      }
    },
    GRAPH_OF_OTHER_VECTORS(FIX, "index --rebuild-index") {
      @Override
      void plant(CareTest at) throws IOException {
        at.edit(COLLECTION + "collection_meta.json", "\"vector_count\": 3", "\"vector_count\": 7");
      }
    },
    IDS_TRUNCATED(FIX, "index --rebuild-index") {
      @Override
      void plant(CareTest at) throws IOException {
        Path ids = at.store.resolve(COLLECTION + "id_index.bin");
        byte[] bytes = Files.readAllBytes(ids);
        Files.write(ids, java.util.Arrays.copyOf(bytes, bytes.length - 5));
      }
    },
    IDS_ABSURD(FIX, "index --rebuild-index") {
      @Override
      void plant(CareTest at) throws IOException {
        Files.write(at.store.resolve(COLLECTION + "id_index.bin"), new byte[] {-1, -1, -1, -1});
      }
    },
    VECTOR_OF_WRONG_SIZE(FIX, "index --clear") {
      @Override
      void plant(CareTest at) throws IOException {
        Path vector = at.anyVector();
        Files.writeString(vector, Files.readString(vector).replace("[0.1, ", "["));
      }
    },
    VECTOR_UNREADABLE(FIX, "index --clear") {
      @Override
      void plant(CareTest at) throws IOException {
        Files.writeString(at.anyVector(), "{\"id\": ");
      }
    },
    FULL_TEXT_INVALID(FIX, "index --rebuild-fts-index") {
      @Override
      void plant(CareTest at) throws IOException {
        at.delete("tantivy_index/meta.json");
      }
    },
    NONE(FIX) {
      @Override
      void plant(CareTest at) {}
    };

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> commands;

    Damage(String... commands) {
      this.commands = List.of(commands);
    }

    abstract void plant(CareTest at) throws IOException;
  }

  @BeforeEach
  void make() throws Exception {
    tool = new CidxStandIn(temporary.resolve("tool"));
    project = Files.createDirectories(temporary.toRealPath().resolve("a project"));
    store = project.resolve(".code-indexer");
    for (String file : List.of("a.txt", "b.txt", "c.txt")) {
      Files.writeString(project.resolve(file), file);
    }
    assertThat(care().make(IndexFixture.patient())).isEmpty();
    assertThat(tool.commands()).containsExactly("init", "index");
    assertThat(tool.embedded()).hasSize(3);
    assertThat(Diagnosis.of(store, Optional.of(project))).isEmpty();
  }

  private Care care(String... damaged) {
    return new Care(tool.cidx(), project, List.of(damaged), InstantSource.system());
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(store.resolve(name), text);
  }

  private void delete(String name) throws IOException {
    Files.delete(store.resolve(name));
  }

  private void edit(String name, String from, String to) throws IOException {
    String text = Files.readString(store.resolve(name));
    assertThat(text).contains(from);
    write(name, text.replace(from, to));
  }

  private Path anyVector() throws IOException {
    try (Stream<Path> all = Files.walk(store.resolve(COLLECTION))) {
      return all.filter(path -> path.getFileName().toString().startsWith("vector_"))
          .findFirst()
          .orElseThrow();
    }
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void mendsWithTheCheapestCommandThatHelps(Damage damage) throws Exception {
    damage.plant(this);

    List<String> notes = care().repair(IndexFixture.patient());

    assertThat(tool.commands()).isEqualTo(damage.commands);
    assertThat(Diagnosis.of(store, Optional.of(project))).isEmpty();
    assertThat(notes).isEmpty();
    assertThat(tool.embedded()).hasSize(damage.commands.contains("index --clear") ? 3 : 0);
  }

  @Test
  void embedsAnewOnceWhenARebuiltGraphDoesNotHelp() throws Exception {
    Damage.GRAPH_MISSING.plant(this);
    tool.with("useless-rebuild");

    care().repair(IndexFixture.patient());

    assertThat(tool.commands()).containsExactly(FIX, "index --rebuild-index", "index --clear");
  }

  @Test
  void mendsTheCheapThingsFirstWhenMuchIsWrong() throws Exception {
    Damage.CONFIG_OF_ANOTHER_PLACE.plant(this);
    Damage.INTERRUPTED.plant(this);
    Damage.GRAPH_STALE.plant(this);
    Damage.FULL_TEXT_INVALID.plant(this);

    care().repair(IndexFixture.patient());

    assertThat(tool.commands())
        .containsExactly(FIX, "index", "index --rebuild-index", "index --rebuild-fts-index");
    assertThat(tool.embedded()).isEmpty();
  }

  @Test
  void leavesTheFullTextOutWhenItCannotBeRebuilt() throws Exception {
    Damage.FULL_TEXT_INVALID.plant(this);
    delete("indexing_progress.json");

    assertThat(care().repair(IndexFixture.patient()))
        .containsExactly("its full-text index is damaged: left out");
    assertThat(tool.commands()).containsExactly(FIX, "index --rebuild-fts-index");
    assertThat(store.resolve("tantivy_index")).doesNotExist();
  }

  @Test
  void leavesDamagedNavigationAndHistoryOut() throws Exception {
    Files.createDirectories(store.resolve("scip"));
    write("scip/status.json", "{\"overall_status\": \"failed\"}");
    Files.createDirectories(store.resolve("index/code-indexer-temporal"));

    assertThat(care().repair(IndexFixture.patient())).hasSize(1);
    assertThat(tool.commands()).containsExactly(FIX);
    assertThat(store.resolve("scip")).doesNotExist();
    assertThat(store.resolve("index/code-indexer-temporal")).doesNotExist();
  }

  @Test
  void believesAFileKnownToBeDamagedEvenIfItLooksWell() throws Exception {
    care(COLLECTION + "hnsw_index.bin").repair(IndexFixture.patient());
    assertThat(tool.commands()).containsExactly(FIX, "index --rebuild-index");

    care(COLLECTION + "a/b/vector_1.json").repair(IndexFixture.patient());
    assertThat(tool.commands()).containsExactly(FIX, "index --clear");

    care("config.json").repair(IndexFixture.patient());
    assertThat(tool.commands()).containsExactly(FIX, "init");
  }

  @Test
  void doesNotRebuildWhenTheServiceIsAway() throws Exception {
    Damage.INTERRUPTED.plant(this);
    tool.with("down");

    assertThatThrownBy(() -> care().repair(IndexFixture.patient()))
        .isInstanceOfSatisfying(
            IndexException.class,
            e -> {
              assertThat(e.code()).isEqualTo(IndexException.Code.SERVICE_UNREACHABLE);
              assertThat(e).hasMessageContaining("connection refused");
              assertThat(e.getMessage()).contains("***").doesNotContain(CidxStandIn.KEY);
            });
    assertThat(tool.commands()).containsExactly(FIX, "index");

    tool.without("down");
    care().repair(IndexFixture.patient());
    assertThat(tool.commands()).containsExactly(FIX, "index");
    assertThat(tool.embedded()).isEmpty();
  }

  @Test
  void mendsTheGraphEvenWhileTheServiceIsAway() throws Exception {
    Damage.GRAPH_MISSING.plant(this);
    tool.with("down");

    care().repair(IndexFixture.patient());

    assertThat(tool.commands()).containsExactly(FIX, "index --rebuild-index");
  }

  @Test
  void waitsForAnotherIndexerThatLives() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      beat(other.pid(), 0);
      assertThatThrownBy(() -> care().repair(Patience.of(Duration.ofMillis(300), () -> false)))
          .isInstanceOfSatisfying(
              IndexException.class, e -> assertThat(e.code()).isEqualTo(IndexException.Code.BUSY));
      assertThat(tool.commands()).isEmpty();

      beat(other.pid(), 301);
      care().repair(IndexFixture.patient());
      assertThat(tool.commands()).as("its heartbeat is stale").containsExactly(FIX);

      beat(other.pid(), 0);
    } finally {
      other.destroyForcibly().waitFor();
    }
    care().repair(IndexFixture.patient());
    assertThat(tool.commands()).as("the process is gone").containsExactly(FIX);
  }

  private void beat(long pid, int secondsAgo) throws IOException {
    write(
        "indexing_heartbeat.json",
        "{\"pid\": %d, \"last_heartbeat\": %d.5}"
            .formatted(pid, InstantSource.system().instant().getEpochSecond() - secondsAgo));
  }

  @Test
  void endsACommandThatTakesTooLongWithAllItStarted() throws Exception {
    Damage.INTERRUPTED.plant(this);
    tool.with("slow");
    long before = sleepers();

    assertThatThrownBy(() -> care().repair(Patience.of(Duration.ofSeconds(2), () -> false)))
        .isInstanceOf(IndexException.class)
        .hasMessageContaining("cidx index did not end in time");
    org.awaitility.Awaitility.await().until(() -> sleepers() == before);
  }

  private static long sleepers() {
    return ProcessHandle.current()
        .descendants()
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.info().commandLine().orElse("").contains("sleep 60"))
        .count();
  }

  @Test
  void saysThatTheToolIsMissing() {
    var missing = new Cidx("/no/such/cidx", Secrets.of(java.util.Map.of()));

    assertThatThrownBy(() -> missing.version(project, IndexFixture.patient()))
        .isInstanceOfSatisfying(
            IndexException.class,
            e -> {
              assertThat(e.code()).isEqualTo(IndexException.Code.TOOL_MISSING);
              assertThat(e)
                  .hasMessageContaining("/no/such/cidx")
                  .hasMessageContaining("HOLDFAST_CIDX");
            });
  }
}
