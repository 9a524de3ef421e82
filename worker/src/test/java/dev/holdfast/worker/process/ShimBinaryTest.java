package dev.holdfast.worker.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShimBinaryTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"amd64", "aarch64"})
  void isBuiltFromTheCheckedInSources(String arch) throws Exception {
    String binary = new String(ShimBinary.load("Linux", arch), ISO_8859_1);

    assertThat(binary)
        .as("the shim for %s is stale: run make in worker/src/shim", arch)
        .contains("sources=" + sourceDigest() + "\n");
  }

  @Test
  void saysWhatItWasBuiltFrom() throws Exception {
    Path binary = ShimBinary.unpackTo(directory);

    Process process = new ProcessBuilder(binary.toString(), "--version").start();

    assertThat(process.getInputStream()).asString(ISO_8859_1).contains(sourceDigest());
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void unpacksOnceAndRepairsDamage() throws Exception {
    Path binary = ShimBinary.unpackTo(directory);
    Object unpacked = Files.getAttribute(binary, "unix:ino");
    assertThat(binary).isExecutable();

    assertThat(ShimBinary.unpackTo(directory)).isEqualTo(binary);
    assertThat(Files.getAttribute(binary, "unix:ino")).isEqualTo(unpacked);

    Files.write(binary, new byte[] {1, 2, 3});
    assertThat(ShimBinary.unpackTo(directory)).isEqualTo(binary);
    assertThat(Files.size(binary)).isGreaterThan(3);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(binary);
    }
  }

  @Test
  void namesThePlatformThatIsNotSupported() {
    assertThatThrownBy(() -> ShimBinary.platform("Mac OS X", "aarch64"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("needs Linux on x86_64 or aarch64, found Mac OS X on aarch64");
    assertThatThrownBy(() -> ShimBinary.platform("Linux", "riscv64"))
        .hasMessageContaining("found Linux on riscv64");
  }

  private static String sourceDigest() throws IOException {
    ByteArrayOutputStream sources = new ByteArrayOutputStream();
    try (Stream<Path> files = Files.list(Path.of("src", "shim"))) {
      List<Path> sorted =
          files.filter(file -> file.toString().matches(".*\\.[ch]")).sorted().toList();
      assertThat(sorted).isNotEmpty();
      for (Path file : sorted) {
        sources.writeBytes(Files.readAllBytes(file));
      }
    }
    return ShimBinary.sha256(sources.toByteArray());
  }
}
