package dev.holdfast.worker.process;

import dev.holdfast.runtime.file.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The prebuilt shim of this platform. It is unpacked under a name that holds its digest: an upgrade
 * never writes over a binary that some attempt is running.
 */
public final class ShimBinary {

  private ShimBinary() {}

  /**
   * Unpacks the shim into the directory, unless it is there already, and answers its path.
   *
   * @throws UnsupportedOperationException if there is no shim for this platform
   */
  public static Path unpackTo(Path directory) throws IOException {
    byte[] content = load(System.getProperty("os.name"), System.getProperty("os.arch"));
    Path binary = directory.resolve("holdfast-shim-" + sha256(content).substring(0, 16));
    if (!isWhole(binary, content)) {
      Files.createDirectories(directory);
      unpack(content, binary);
    }
    return binary;
  }

  private static boolean isWhole(Path binary, byte[] content) throws IOException {
    return Files.isExecutable(binary) && MessageDigest.isEqual(Files.readAllBytes(binary), content);
  }

  private static void unpack(byte[] content, Path binary) throws IOException {
    Path unpacking = binary.resolveSibling(binary.getFileName() + ".unpacking");
    AtomicFile.write(unpacking, content);
    Files.setPosixFilePermissions(unpacking, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.move(unpacking, binary, StandardCopyOption.ATOMIC_MOVE);
  }

  static byte[] load(String osName, String osArch) throws IOException {
    String platform = platform(osName, osArch);
    try (InputStream binary =
        ShimBinary.class.getResourceAsStream("shim/" + platform + "/holdfast-shim")) {
      if (binary == null) {
        throw new IllegalStateException(
            "The shim for "
                + platform
                + " is missing from this build: run make in worker/src/shim");
      }
      return binary.readAllBytes();
    }
  }

  static String platform(String osName, String osArch) {
    String arch =
        switch (osArch) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "aarch64";
          default -> "";
        };
    if (!osName.toLowerCase(Locale.ROOT).equals("linux") || arch.isEmpty()) {
      throw new UnsupportedOperationException(
          "A worker needs Linux on x86_64 or aarch64, found %s on %s: run workers on such a machine"
              .formatted(osName, osArch));
    }
    return "linux-" + arch;
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }
}
