package dev.holdfast.worker.disk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small file system of its own, mounted for one test and unmounted with all that is in it. */
public final class SmallDisk implements AutoCloseable {
  private static final int BLOCK = 4096;

  private final Path place;

  private SmallDisk(Path place) {
    this.place = place;
  }

  /** In memory; {@code inodes} 0 for as many as it likes. */
  public static SmallDisk inMemory(Path place, long bytes, long inodes)
      throws IOException, InterruptedException {
    requireRoot();
    Files.createDirectories(place);
    String options = "size=" + bytes + (inodes > 0 ? ",nr_inodes=" + inodes : "");
    mount("mount", "-t", "tmpfs", "-o", options, "tmpfs", place.toString());
    return new SmallDisk(place);
  }

  /** A real ext4, in a file that is mounted. */
  public static SmallDisk ext4(Path image, Path place, long bytes)
      throws IOException, InterruptedException {
    return inFile(image, place, bytes, "/usr/sbin/mkfs.ext4", "e2fsprogs", "-F", "-m", "0");
  }

  /** A real xfs, which can let files share blocks, in a file that is mounted; 300 MiB or more. */
  public static SmallDisk xfs(Path image, Path place, long bytes)
      throws IOException, InterruptedException {
    return inFile(image, place, bytes, "/usr/sbin/mkfs.xfs", "xfsprogs", "-m", "reflink=1");
  }

  private static SmallDisk inFile(
      Path image, Path place, long bytes, String mkfs, String debianPackage, String... options)
      throws IOException, InterruptedException {
    requireRoot();
    assumeTrue(
        Files.isExecutable(Path.of(mkfs)), "needs " + mkfs + " (package " + debianPackage + ")");
    try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    }
    Files.createDirectories(place);
    var make = new ArrayList<>(List.of(mkfs, "-q"));
    make.addAll(List.of(options));
    make.add(image.toString());
    mount(make.toArray(String[]::new));
    mount("mount", "-o", "loop", image.toString(), place.toString());
    return new SmallDisk(place);
  }

  private static void requireRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root to mount a small disk");
  }

  private static void mount(String... command) throws IOException, InterruptedException {
    Run run = run(command);
    assumeTrue(run.code == 0, "needs to mount: " + String.join(" ", command) + ": " + run.text);
  }

  private record Run(int code, String text) {}

  private static Run run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    return new Run(process.waitFor(), text.strip());
  }

  public Path path() {
    return place;
  }

  /** Leaves at most so many bytes, and no room for another block if that is zero. */
  public Filling fillUpTo(long leftBytes) throws IOException {
    Path file = place.resolve("filling");
    byte[] block = new byte[BLOCK];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (FileSystemRoom.look(place).freeBytes() > leftBytes) {
        for (int i = 0; i < 16 && FileSystemRoom.look(place).freeBytes() > leftBytes; i++) {
          out.write(block);
        }
      }
    } catch (IOException full) {
      if (leftBytes > 0) {
        throw full;
      }
    }
    return new Filling(List.of(file));
  }

  /** Uses up all inodes but so many. */
  public Filling fillInodes(int left) throws IOException {
    Path directory = Files.createDirectories(place.resolve("many"));
    var files = new ArrayList<Path>();
    for (int i = 0; FileSystemRoom.look(place).freeInodes() > left; i++) {
      files.add(Files.createFile(directory.resolve("f" + i)));
    }
    return new Filling(files);
  }

  /** What was put on a disk to fill it. */
  public record Filling(List<Path> files) {
    public void remove() throws IOException {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    Run run = run("umount", place.toString());
    if (run.code != 0) {
      // Somebody still looks at it; it goes with the last of them.
      run("umount", "-l", place.toString());
    }
  }
}
