package dev.holdfast.worker.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.worker.container.EngineException.Code;
import dev.holdfast.worker.process.ProcessIdentity;
import dev.holdfast.worker.process.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What settings, references, accounts and errors mean, without any engine. */
class EngineWordsTest {
  @Test
  void findsTheEngine() {
    assertThat(EngineAddress.parse("off", Map.of())).isEqualTo(EngineAddress.OFF);
    assertThat(EngineAddress.parse("auto", Map.of()))
        .isEqualTo(EngineAddress.at(Path.of("/var/run/docker.sock")));
    assertThat(EngineAddress.parse("auto", Map.of("DOCKER_HOST", "unix:///x/d.sock")))
        .isEqualTo(EngineAddress.at(Path.of("/x/d.sock")));
    assertThat(EngineAddress.parse("unix:///y.sock", Map.of("DOCKER_HOST", "unix:///x")))
        .isEqualTo(EngineAddress.at(Path.of("/y.sock")));
    assertThatThrownBy(() -> EngineAddress.parse("tcp://10.0.0.1:2375", Map.of()))
        .hasMessageContaining("auto, off or unix:///");
  }

  @ParameterizedTest
  @CsvSource({
    "busybox, busybox:latest, ''",
    "busybox:1, busybox:1, ''",
    "team/tools, team/tools:latest, ''",
    "localhost/tools:2, localhost/tools:2, localhost",
    "registry.example.org:5000/tools, registry.example.org:5000/tools:latest,"
        + " registry.example.org:5000",
    "r.example.org/a/b@sha256:00, r.example.org/a/b@sha256:00, r.example.org",
  })
  void completesNames(String reference, String complete, String registry) {
    assertThat(ImageName.complete(reference)).isEqualTo(complete);
    assertThat(ImageName.registry(reference)).isEqualTo(registry);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "manifest for x:1 not found: manifest unknown: manifest unknown | IMAGE_NOT_FOUND",
        "pull access denied for x, repository does not exist or may require 'docker login' |"
            + " UNAUTHORIZED",
        "Head \"https://r/v2/x/manifests/1\": unauthorized: authentication required | UNAUTHORIZED",
        "Get \"https://r/v2/\": dial tcp 1.2.3.4:443: connect: connection refused |"
            + " REGISTRY_UNREACHABLE",
        "Get \"https://r/v2/\": dial tcp: lookup r: no such host | REGISTRY_UNREACHABLE",
        "failed to register layer: write /x: no space left on device | NO_SPACE",
        "invalid reference format | REFUSED",
      })
  void understandsWhatADaemonSaysOfAPull(String words, Code code) {
    assertThat(EngineFaults.ofPull("x:1", words, null).code()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0, 0",
    "7:8, 7, 8",
    "agent, 1234, 2345",
    "1234, 1234, 2345",
    "77, 77, 0",
    "agent:crew, 1234, 55",
    "77:crew, 77, 55",
  })
  void findsTheJobsUser(String named, long uid, long gid) {
    assertThat(JobUser.resolve(named, EngineWordsTest::accounts)).isEqualTo(new JobUser(uid, gid));
  }

  private static Optional<byte[]> accounts(String file) {
    return switch (file) {
      case "/etc/passwd" -> Optional.of("root:x:0:0\nagent:x:1234:2345:::\n".getBytes(UTF_8));
      case "/etc/group" -> Optional.of("crew:x:55:\n".getBytes(UTF_8));
      default -> Optional.empty();
    };
  }

  @Test
  void namesTheUserThatIsNotThere() {
    assertThatThrownBy(() -> JobUser.resolve("nobody-here", file -> Optional.empty()))
        .hasMessageContaining("'nobody-here'")
        .hasMessageContaining("UID:GID");
  }

  @Test
  void remembersTheContainer(@TempDir Path directory) throws Exception {
    var record = ContainerRecord.of("holdfast-main-w-1-job-7-3", 3);
    record.write(directory);
    assertThat(ContainerRecord.read(directory)).isEqualTo(new Reading.Whole<>(record));

    var running = record.withInit(new ProcessIdentity("b", 5, 77)).nowReplacing();
    running.write(directory);
    assertThat(ContainerRecord.read(directory)).isEqualTo(new Reading.Whole<>(running));

    Path file = directory.resolve(ContainerRecord.FILE);
    Files.writeString(file, Files.readString(file).replace("pid=5", "pid=6"));
    assertThat(ContainerRecord.read(directory)).isInstanceOf(Reading.Damaged.class);
  }

  @Test
  void showsNothingButMirrorsToAJobThatNamesMore(@TempDir Path top) throws Exception {
    Path top2 = top.toRealPath();
    Path mirror = Files.createDirectories(top2.resolve("mirrors/m/objects"));
    Path work = Files.createDirectories(top2.resolve("runs/job/1/work"));
    Path info = Files.createDirectories(work.resolve(".git/objects/info"));
    Files.createSymbolicLink(top2.resolve("mirrors/etc"), Path.of("/etc"));
    Files.writeString(
        info.resolve("alternates"),
        mirror + "\n/etc\n" + top2 + "/mirrors/../runs\n" + top2 + "/mirrors/etc\n");
    Path files = Files.createDirectories(top2.resolve("runs/job/1/files"));
    Path saved = Files.createFile(top2.resolve("runs/job/1/saved.tar"));
    Path index = Files.createDirectories(top2.resolve("indexes/abc"));
    var inside =
        new Inside(
            top2.resolve("runs/job/1"),
            work,
            Map.of(
                "HOLDFAST_FILES",
                files.toString(),
                "HOLDFAST_SAVED_WORK",
                saved.toString(),
                "HOLDFAST_INDEX",
                index.toString(),
                "X",
                "/etc"));

    var mounts =
        inside.mounts(
            new HostPaths(
                top2.resolve("runs"),
                top2.resolve("shim"),
                top2.resolve("lock"),
                top2.resolve("mirrors")));

    assertThat(mounts)
        .extracting(mount -> mount.inside() + (mount.writable() ? " rw" : " ro"))
        .containsExactly(
            "/.holdfast/shim ro",
            "/.holdfast/worker.lock ro",
            "/.holdfast/run rw",
            "/workspace rw",
            "/holdfast/abc ro",
            "/holdfast/files rw",
            "/holdfast/saved.tar ro",
            mirror + " ro");
    assertThat(inside.ofTheJob()).containsExactly(work, files);
  }
}
