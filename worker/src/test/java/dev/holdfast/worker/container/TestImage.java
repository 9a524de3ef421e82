package dev.holdfast.worker.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A small image: a static busybox under all of its names that tests use, and two accounts. */
public final class TestImage {
  static final Path BUSYBOX = Path.of("/usr/bin/busybox");

  private static final List<String> TOOLS =
      List.of(
          "sh", "id", "cat", "sleep", "env", "echo", "ls", "touch", "mkdir", "kill", "seq", "dd",
          "head", "tail", "grep", "nproc", "true", "false", "sort", "cut", "stat", "yes", "setsid");

  final byte[] layer;
  final byte[] config;

  TestImage(String user) throws IOException {
    this.layer = layer(user);
    this.config =
        """
        {"architecture":"%s","os":"linux","created":"2026-01-01T00:00:00Z",
         "config":{"Env":["PATH=/bin","OF_THE_IMAGE=yes","HOME=/home/agent"],"User":"%s",
                   "Entrypoint":["/bin/false"],"Cmd":["never"]},
         "history":[{"created":"2026-01-01T00:00:00Z","created_by":"a test"}],
         "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}
        """
            .formatted(
                System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64",
                user,
                sha256(layer))
            .getBytes(UTF_8);
  }

  private static byte[] layer(String user) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      for (String directory : List.of("bin/", "etc/", "tmp/", "proc/", "sys/", "dev/")) {
        tar.putArchiveEntry(new TarArchiveEntry(directory));
        tar.closeArchiveEntry();
      }
      file(tar, "bin/busybox", 0755, Files.readAllBytes(BUSYBOX));
      for (String tool : TOOLS) {
        var link = new TarArchiveEntry("bin/" + tool, TarConstants.LF_SYMLINK);
        link.setLinkName("busybox");
        tar.putArchiveEntry(link);
        tar.closeArchiveEntry();
      }
      file(
          tar,
          "etc/passwd",
          0644,
          "root:x:0:0::/:/bin/sh\nagent:x:1234:2345::/home/agent:/bin/sh\n".getBytes(UTF_8));
      file(tar, "etc/image-of", 0644, user.getBytes(UTF_8));
      file(tar, "etc/group", 0644, "root:x:0:\nagents:x:2345:\n".getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static void file(TarArchiveOutputStream tar, String name, int mode, byte[] content)
      throws IOException {
    var entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  /** As {@code docker load} takes it. */
  byte[] archive(String reference) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      file(tar, "config.json", 0644, config);
      file(tar, "layer.tar", 0644, layer);
      file(
          tar,
          "manifest.json",
          0644,
          """
          [{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]
          """
              .formatted(reference)
              .getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  byte[] compressedLayer() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(layer);
    }
    return bytes.toByteArray();
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
