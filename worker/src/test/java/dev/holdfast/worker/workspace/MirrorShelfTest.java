package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.file.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorShelfTest {
  private static final int MANY = 5;

  @TempDir Path temporary;
  private WorkspaceFixture fixture;
  private MirrorShelf shelf;

  @BeforeEach
  void create() throws Exception {
    fixture = WorkspaceFixture.create(temporary);
    shelf = new MirrorShelf(fixture.root().resolve("mirrors"), 2, 10);
    fixture.prepare("first");
  }

  private Path trash(Path mirror) throws IOException {
    return Files.move(mirror, temporary.resolve("trash"));
  }

  private void scatter() throws IOException {
    for (int i = 0; i < MANY; i++) {
      fixture.source().write("file-" + i, "content " + i);
      fixture.source().commit("commit " + i);
      fixture.prepare("job-" + i);
      Tree.delete(fixture.workspaceDir("job-" + i).getParent());
    }
  }

  private List<String> objectFiles() throws IOException {
    Path objects = fixture.mirror().resolve("objects");
    try (Stream<Path> files = Files.walk(objects)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> objects.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void packsAScatteredMirrorThatNobodyNeeds() throws Exception {
    scatter();
    assertThat(shelf.compact(fixture.mirror(), () -> true)).isTrue();

    assertThat(objectFiles()).filteredOn(name -> name.endsWith(".pack")).hasSize(1);
    assertThat(objectFiles()).noneMatch(name -> name.indexOf('/') == 2);
    assertThat(git(fixture.mirror(), "fsck", "--full"))
        .doesNotContain("missing", "broken", "error", "dangling");
    var prepared = fixture.prepare("afterwards");
    assertThat(prepared.notes()).isEmpty();
    assertThat(git(prepared.directory(), "status", "--porcelain")).isEmpty();
    assertThat(shelf.compact(fixture.mirror(), () -> true)).as("nothing to do").isFalse();
  }

  @Test
  void leavesAMirrorAloneFromWhichClonesBorrow() throws Exception {
    scatter();
    List<String> before = objectFiles();

    assertThat(shelf.compact(fixture.mirror(), () -> false)).isFalse();
    assertThat(shelf.remove(fixture.mirror(), () -> false, this::trash)).isFalse();

    assertThat(objectFiles()).isEqualTo(before);
  }

  @Test
  void removesAMirrorAndTheNextAttemptClonesItAnew() throws Exception {
    assertThat(shelf.all())
        .extracting(MirrorShelf.Shelved::directory)
        .containsExactly(fixture.mirror());

    assertThat(shelf.remove(fixture.mirror(), () -> true, this::trash)).isTrue();

    assertThat(fixture.mirror()).doesNotExist();
    assertThat(temporary.resolve("trash")).doesNotExist();
    assertThat(fixture.prepare("afterwards").directory().resolve("README.md")).exists();
  }

  @Test
  void touchesNothingThatIsWorkedOn() throws Exception {
    var locked = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    Thread worker =
        Thread.ofPlatform()
            .start(() -> {
              try (MirrorLock _ =
                  MirrorLock.take(MirrorShelf.lockOf(fixture.mirror()), () -> false)) {
                locked.countDown();
                done.await();
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    locked.await();

    assertThat(shelf.remove(fixture.mirror(), () -> true, this::trash)).isFalse();

    done.countDown();
    worker.join();
    assertThat(fixture.mirror()).exists();
  }
}
