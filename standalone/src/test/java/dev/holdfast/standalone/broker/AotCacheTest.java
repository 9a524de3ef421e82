package dev.holdfast.standalone.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class AotCacheTest {

  private static final List<String> JVM_FLAGS = List.of("-XX:+UseSerialGC");

  @TempDir Path dir;

  private Path jar;

  @BeforeEach
  void packTheTrainee() throws IOException {
    jar = dir.resolve("trainee.jar");
    pack("first build");
  }

  @Test
  void buildsACacheThatTheNextProcessUses() throws Exception {
    AotCache cache = cache(jar.toString());

    cache.trainInBackground(JVM_FLAGS, AotTrainee.class.getName(), List.of("a"));

    await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(fileIn(cache.jvmFlags())));
    assertThat(run(withLoading(cache.jvmFlags())))
        .contains("trained with b")
        .contains("AotTrainee source: shared objects file");
  }

  @Test
  void startsWithoutAWordWhileThereIsNoCacheYet() throws Exception {
    assertThat(run(cache(jar.toString()).jvmFlags())).isEqualTo("trained with b\n");
  }

  @Test
  void neverUsesACacheOfAnotherBuildAndDeletesIt() throws Exception {
    AotCache first = cache(jar.toString());
    Path ofFirst = fileIn(first.jvmFlags());
    Files.createDirectories(ofFirst.getParent());
    Files.createFile(ofFirst);

    pack("other build");
    AotCache second = cache(jar.toString());
    Path ofSecond = fileIn(second.jvmFlags());
    second.trainInBackground(JVM_FLAGS, AotTrainee.class.getName(), List.of("a"));

    assertThat(ofSecond).isNotEqualTo(ofFirst);
    await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(ofSecond));
    assertThat(ofFirst).doesNotExist();
  }

  @Test
  void keepsItsNameWhileTheJarsAreTheSame() {
    assertThat(cache(jar.toString()).jvmFlags()).isEqualTo(cache(jar.toString()).jvmFlags());
  }

  @Test
  void hasNoEffectOnAClassPathWithDirectories() {
    AotCache cache = cache(jar + File.pathSeparator + dir);

    cache.trainInBackground(JVM_FLAGS, AotTrainee.class.getName(), List.of());

    assertThat(cache.jvmFlags()).isEmpty();
    assertThat(dir.resolve("aot")).doesNotExist();
  }

  private AotCache cache(String classPath) {
    return new AotCache(dir.resolve("aot"), "trainee", classPath);
  }

  private static Path fileIn(List<String> flags) {
    String prefix = "-XX:AOTCache=";
    return flags.stream()
        .filter(flag -> flag.startsWith(prefix))
        .map(flag -> Path.of(flag.substring(prefix.length())))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> withLoading(List<String> flags) {
    List<String> all = new ArrayList<>(flags);
    all.add("-Xlog:class+load");
    return all;
  }

  private String run(List<String> flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_FLAGS);
    command.addAll(flags);
    command.addAll(List.of("-cp", jar.toString(), AotTrainee.class.getName(), "b"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }

  private void pack(String build) throws IOException {
    String path = AotTrainee.class.getName().replace('.', '/') + ".class";
    try (InputStream compiled = AotTrainee.class.getClassLoader().getResourceAsStream(path);
        OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new JarEntry(path));
      compiled.transferTo(out);
      out.putNextEntry(new JarEntry("build"));
      out.write(build.getBytes(UTF_8));
    }
  }
}
