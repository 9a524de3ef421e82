package dev.holdfast.runtime.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir Path directory;

  @Test
  void createsAndReplacesAndLeavesNoTemporaryFile() throws Exception {
    Path file = directory.resolve("run.json");

    AtomicFile.write(file, bytes("first"));
    assertThat(file).hasContent("first");
    AtomicFile.write(file, bytes("second"));
    assertThat(file).hasContent("second");
    AtomicFile.replace(file, bytes(""));

    assertThat(file).isEmptyFile();
    assertThat(names()).containsExactly("run.json");
  }

  @Test
  void createsExclusivelyForExactlyOneOfMany() throws Exception {
    Path file = directory.resolve("claim");
    List<Callable<Boolean>> claims = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      byte[] mine = bytes("claim " + i);
      claims.add(() -> {
        try {
          AtomicFile.createExclusive(file, mine);
          return true;
        } catch (FileAlreadyExistsException taken) {
          return false;
        }
      });
    }

    List<Integer> winners = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Boolean>> results = threads.invokeAll(claims);
      for (int i = 0; i < results.size(); i++) {
        if (results.get(i).get()) {
          winners.add(i);
        }
      }
    }

    assertThat(winners).hasSize(1);
    assertThat(file).hasContent("claim " + winners.getFirst());
    assertThat(names()).containsExactly("claim");
  }

  @Test
  void keepsTheOldFileWhenTheNewOneCannotBeWritten() throws Exception {
    Path file = Files.createDirectory(directory.resolve("occupied"));
    Files.createFile(file.resolve("by a file"));

    assertThatThrownBy(() -> AtomicFile.write(file, bytes("x"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> AtomicFile.write(directory.resolve("no/where"), bytes("x")))
        .isInstanceOf(NoSuchFileException.class);

    assertThat(names()).containsExactly("occupied");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
