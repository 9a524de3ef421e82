package dev.holdfast.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker dies as it starts a shim, and its successor gives the run directory up meanwhile. */
class ShimMovedTest {
  private static final int MOVED = 6;

  @TempDir Path root;

  @Test
  void refusesRunDirectoryThatWasMovedAway() throws Exception {
    ShimRun run = new ShimRun(root).prepare("sh", "-c", "echo ran >" + root.resolve("ran"));
    Path trash = Files.move(run.directory, root.resolve("trash"));

    assertThat(run.shim.start(trash))
        .isInstanceOfSatisfying(
            Shim.Start.Refused.class,
            refused -> {
              assertThat(refused.exitCode()).isEqualTo(MOVED);
              assertThat(refused.message()).contains("moved away");
            });
    assertThat(root.resolve("ran")).doesNotExist();
  }

  @Test
  void refusesAlsoWhenAnotherDirectoryHasTakenThePlace() throws Exception {
    ShimRun run = new ShimRun(root).prepare("sh", "-c", "echo ran >" + root.resolve("ran"));
    Path trash = Files.move(run.directory, root.resolve("trash"));
    Files.createDirectory(run.directory);

    assertThat(run.shim.start(trash)).isInstanceOf(Shim.Start.Refused.class);
    assertThat(root.resolve("ran")).doesNotExist();
  }

  @Test
  void startsWhereItWasNotToldWhereItIs() throws Exception {
    try (ShimRun run = new ShimRun(root).prepare("echo", "ran")) {
      Launch launch =
          Reading.of(run.directory.resolve(LaunchFile.NAME), LaunchFile::parse)
              .whole()
              .orElseThrow();
      Files.write(run.directory.resolve(LaunchFile.NAME), LaunchFile.render(launch));

      assertThat(run.shim.start(run.directory)).isEqualTo(new Shim.Start.Launched());
      run.awaitOutput("ran");
    }
  }

  /** The supervisor is held for a while just before it claims the directory. */
  @Test
  void refusesWhatIsMovedBetweenItsStartAndItsClaim() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "skipped: strace is not installed");
    ShimRun run = new ShimRun(root).prepare("sh", "-c", "echo ran >" + root.resolve("ran"));
    String binary = ShimBinary.unpackTo(root.resolve("bin")).toString();
    Process starting =
        new ProcessBuilder(
                "strace",
                "-f",
                "-qq",
                "-o",
                root.resolve("trace").toString(),
                "-e",
                "trace=linkat",
                "-e",
                "inject=linkat:delay_enter=1500000",
                binary,
                run.directory.toString())
            .redirectErrorStream(true)
            .start();
    ShimRun.eventually(() -> names(run.directory).anyMatch(name -> name.startsWith("identity.")));
    assertThat(run.directory.resolve(Identity.FILE)).doesNotExist();

    Files.move(run.directory, root.resolve("trash"));

    assertThat(starting.waitFor()).isEqualTo(MOVED);
    assertThat(root.resolve("trash").resolve(Identity.FILE)).exists();
    assertThat(root.resolve("ran")).doesNotExist();
  }

  private static Stream<String> names(Path directory) {
    String[] names = directory.toFile().list();
    return names == null ? Stream.of() : Stream.of(names);
  }
}
