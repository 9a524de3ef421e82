package dev.holdfast.standalone.broker;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A name for exactly these jars on exactly this JVM. The JDK does not notice that a jar behind an
 * AOT cache has changed and runs the cached, old code: a cache must not outlive its jars, so it is
 * named by what is in them.
 */
final class ClassPathKey {

  /**
   * A jar ends with its directory, which holds the checksum of each of its files. This much of it
   * covers all of a small jar's, which is what our own are; the large ones carry their version in
   * their name.
   */
  private static final int TAIL_BYTES = 64 * 1024;

  private static final int KEY_CHARACTERS = 24;

  private ClassPathKey() {}

  /** Empty when an entry is not a jar file, because a cache can only be made of jar files. */
  static Optional<String> of(String classPath, String jvmVersion) throws IOException {
    MessageDigest digest = sha256();
    add(digest, jvmVersion);
    for (String entry : classPath.split(File.pathSeparator)) {
      Path jar = Path.of(entry);
      if (!entry.endsWith(".jar") || !Files.isRegularFile(jar)) {
        return Optional.empty();
      }
      add(digest, entry);
      add(digest, Long.toString(Files.size(jar)));
      digest.update(tail(jar));
    }
    return Optional.of(HexFormat.of().formatHex(digest.digest()).substring(0, KEY_CHARACTERS));
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static byte[] tail(Path jar) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(jar.toFile(), "r")) {
      byte[] tail = new byte[(int) Math.min(TAIL_BYTES, in.length())];
      in.seek(in.length() - tail.length);
      in.readFully(tail);
      return tail;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
