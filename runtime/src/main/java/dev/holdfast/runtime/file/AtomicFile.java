package dev.holdfast.runtime.file;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes files that are whole or not there. The temporary file lies beside the target, so that the
 * rename stays in one file system; one that a crash leaves behind ends in {@code .tmp}.
 */
public final class AtomicFile {

  /** Ends the name of every temporary file; what bears it after a crash may be deleted. */
  public static final String TEMPORARY_SUFFIX = ".tmp";

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final AtomicLong SEQUENCE = new AtomicLong();

  /**
   * Told apart from an earlier process with the same number, as in a container, where every start
   * may be process 1: its leftovers must not be in the way of this one.
   */
  private static final String WRITER =
      ProcessHandle.current().pid() + "-" + Long.toHexString(new SecureRandom().nextLong());

  private AtomicFile() {}

  /** Creates or replaces the file; once this returns, the content survives a power cut. */
  public static void write(Path file, byte[] content) throws IOException {
    Path temporary = fill(file, content, true);
    rename(temporary, file);
    syncName(file);
  }

  /**
   * Creates or replaces the file with text in UTF-8, as durably as {@link #write(Path, byte[])}.
   */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Creates or replaces the file without forcing it to disk: for what means nothing after a reboot,
   * such as a lease on the boot clock.
   */
  public static void replace(Path file, byte[] content) throws IOException {
    rename(fill(file, content, false), file);
  }

  /** The same for what only the worker's own user may read. */
  public static void replacePrivately(Path file, byte[] content) throws IOException {
    rename(fill(file, content, false, OWNER_ALONE), file);
  }

  /**
   * Creates the file durably, and only if nobody has: of any number of callers exactly one
   * succeeds.
   *
   * @throws FileAlreadyExistsException if the file exists, whatever its content
   */
  public static void createExclusive(Path file, byte[] content) throws IOException {
    Path temporary = fill(file, content, true);
    try {
      Files.createLink(file, temporary);
    } finally {
      Files.deleteIfExists(temporary);
    }
    syncName(file);
  }

  private static Path fill(
      Path file, byte[] content, boolean durable, FileAttribute<?>... attributes)
      throws IOException {
    String unique = "." + WRITER + "-" + SEQUENCE.incrementAndGet();
    Path temporary = file.resolveSibling(file.getFileName() + unique + TEMPORARY_SUFFIX);
    try (FileChannel channel =
        FileChannel.open(temporary, EnumSet.of(WRITE, CREATE_NEW), attributes)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (durable) {
        channel.force(true);
      }
      return temporary;
    } catch (IOException | RuntimeException failure) {
      Files.deleteIfExists(temporary);
      throw failure;
    }
  }

  private static void rename(Path temporary, Path file) throws IOException {
    try {
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      Files.deleteIfExists(temporary);
      throw failure;
    }
  }

  /** Makes the names in a directory durable: a rename alone may be undone by a power cut. */
  public static void syncDirectory(Path directory) throws IOException {
    Tree.force(directory);
  }

  /** Makes it durable that a file has, or no longer has, its name. */
  public static void syncName(Path file) throws IOException {
    syncDirectory(directoryOf(file));
  }

  private static Path directoryOf(Path file) {
    return requireNonNull(file.toAbsolutePath().getParent());
  }
}
