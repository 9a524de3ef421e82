package dev.holdfast.worker.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damages a made index in every way there is, and asks for it again. */
class IndexDamageTest {
  private static final int ROUNDS = Integer.getInteger("holdfast.index.damages", 60);

  @TempDir Path temporary;

  private enum Way {
    FLIPPED_BYTE,
    TRUNCATED,
    DELETED,
    EMPTIED,
    GROWN,
    STRANGE_FILE
  }

  @Test
  void everyDamageIsFoundBeforeUseAndRepaired() throws Exception {
    var fixture = new IndexFixture(temporary).withFiles(12, 7);
    PreparedWorkspace workspace = fixture.prepare("job-1");
    IndexPlace place = fixture.place(IndexKind.LUCENE, workspace);
    var index = WatchedIndex.over(fixture.lucene());
    var planted = new EnumMap<Way, Integer>(Way.class);
    int found = 0;
    int rebuilt = 0;

    CodeIndexes indexes = fixture.open(index);
    try {
      ask(indexes, fixture, workspace);
      for (int seed = 1; seed <= ROUNDS; seed++) {
        var random = new Random(seed);
        int madeBefore = index.made.get();
        Way way = Way.values()[seed % Way.values().length];
        String what = damage(place.directory(), way, random);
        planted.merge(way, 1, Integer::sum);
        if (random.nextBoolean()) {
          // A worker that starts, and has compared nothing yet.
          indexes.close();
          indexes = fixture.open(index);
        }

        Map<String, String> env = ask(indexes, fixture, workspace).environment();

        assertThat(env)
            .as("seed %d: %s", seed, what)
            .containsEntry("HOLDFAST_INDEX_STATE", "ready");
        found += env.get("HOLDFAST_INDEX_NOTE").contains("damaged") ? 1 : 0;
        rebuilt += index.made.get() - madeBefore;
        assertThat(new Inspection().damage(place.directory(), index, workspace.baseCommit()))
            .as("seed %d: %s", seed, what)
            .isEmpty();
      }
    } finally {
      indexes.close();
    }

    System.out.printf(
        "index corruptions: %d planted %s, %d found before use, %d rebuilt%n",
        ROUNDS, planted, found, rebuilt);
    assertThat(found).isEqualTo(ROUNDS);
    assertThat(rebuilt).isEqualTo(ROUNDS);
  }

  private static IndexForJob ask(
      CodeIndexes indexes, IndexFixture fixture, PreparedWorkspace workspace)
      throws InterruptedException {
    return indexes.ready(
        IndexKind.LUCENE, workspace, fixture.runDirectory("job-1"), IndexFixture.patient());
  }

  /** As a disk would, or somebody with every right: the file's time is set back to what it was. */
  private static String damage(Path index, Way way, Random random) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(index)) {
      files =
          all.filter(Files::isRegularFile)
              .filter(file -> !file.equals(IndexPlace.lastUsed(index)))
              .filter(file -> sizeOf(file) > 0)
              .sorted()
              .toList();
    }
    Path file = files.get(random.nextInt(files.size()));
    FileTime modified = Files.getLastModifiedTime(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
    long at = random.nextLong(sizeOf(file));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      switch (way) {
        case FLIPPED_BYTE -> {
          var one = ByteBuffer.allocate(1);
          channel.read(one, at);
          one.put(0, (byte) (one.get(0) ^ (1 << random.nextInt(8)))).flip();
          channel.write(one, at);
        }
        case TRUNCATED -> channel.truncate(at);
        case EMPTIED -> channel.truncate(0);
        case GROWN -> channel.write(ByteBuffer.wrap(new byte[] {0}), channel.size());
        case DELETED -> Files.delete(file);
        case STRANGE_FILE ->
            Files.write(IndexPlace.data(index).resolve("_0.strange"), new byte[] {1});
      }
    }
    if (Files.exists(file)) {
      Files.setLastModifiedTime(file, modified);
    }
    return "%s, %s at %d".formatted(way, file.getFileName(), at);
  }

  private static long sizeOf(Path file) {
    return file.toFile().length();
  }
}
