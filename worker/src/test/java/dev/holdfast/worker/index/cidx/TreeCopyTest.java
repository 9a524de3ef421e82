package dev.holdfast.worker.index.cidx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.worker.disk.SmallDisk;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeCopyTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir private Path temporary;

  @Test
  void copiesWhatCanBeWrittenTo() throws Exception {
    Path from = Files.createDirectories(temporary.resolve("from/deep"));
    Files.writeString(from.resolve("file"), "content");

    TreeCopy.of(temporary.resolve("from"), temporary.resolve("to"));
    Files.writeString(temporary.resolve("to/deep/file"), "changed");

    assertThat(from.resolve("file")).hasContent("content");
  }

  @Test
  void sharesBlocksWhereTheFileSystemCan() throws Exception {
    try (SmallDisk disk =
        SmallDisk.xfs(temporary.resolve("image"), temporary.resolve("disk"), 400L * MEBIBYTE)) {
      Path from = Files.createDirectories(disk.path().resolve("from"));
      byte[] bytes = new byte[64 * MEBIBYTE];
      new Random(1).nextBytes(bytes);
      Files.write(from.resolve("vectors"), bytes);
      FileStore store = Files.getFileStore(disk.path());
      sync();
      long before = store.getUsableSpace();

      TreeCopy.of(from, disk.path().resolve("to"));
      sync();

      assertThat(disk.path().resolve("to/vectors")).hasBinaryContent(bytes);
      assertThat(before - store.getUsableSpace()).isLessThan(8L * MEBIBYTE);
    }
  }

  /** What is still in memory has no block yet that it could take. */
  private static void sync() throws Exception {
    assertThat(new ProcessBuilder("sync").start().waitFor()).isZero();
  }
}
