package dev.holdfast.runtime.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes one file, as a process of its own that a test may interfere with. */
final class WriteOnce {
  private WriteOnce() {}

  /** Exit code of one that was told that its write failed. */
  static final int FAILED = 3;

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[1]);
    byte[] content = arguments[2].getBytes(UTF_8);
    // Else the calls by which the JVM loads classes would be among those that fail.
    Path elsewhere = Files.createTempDirectory("write-once");
    Reserved.room(elsewhere.resolve("file"), content.length);
    write("reserved", elsewhere.resolve("file"), content);
    write(arguments[0], elsewhere.resolve("other"), content);
    Tree.delete(elsewhere);
    System.out.println("ready");
    System.in.read();
    try {
      write(arguments[0], file, content);
    } catch (IOException e) {
      System.out.println("failed: " + e);
      System.exit(FAILED);
    }
    System.out.println("written");
  }

  private static void write(String how, Path file, byte[] content) throws IOException {
    switch (how) {
      case "write" -> AtomicFile.write(file, content);
      case "reserved" -> Reserved.write(file, content);
      default -> throw new IllegalArgumentException(how);
    }
  }
}
