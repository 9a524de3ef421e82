package dev.holdfast.worker.checkpoint;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A directory as one file: files, directories and symbolic links; whatever else is left out. */
final class Archive {
  private static final int PERMISSIONS = 0777;

  private Archive() {}

  /**
   * Packs a directory.
   *
   * @throws IOException also if a file changes its size or disappears meanwhile
   */
  static void pack(Path directory, Path archive) throws IOException {
    List<Path> entries;
    try (Stream<Path> walk = Files.walk(directory)) {
      entries = walk.filter(entry -> !entry.equals(directory)).sorted().toList();
    } catch (java.io.UncheckedIOException e) {
      throw new IOException(e);
    }
    try (var tar =
        new TarArchiveOutputStream(
            new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(archive))))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      for (Path entry : entries) {
        pack(tar, directory, entry);
      }
      tar.finish();
    }
  }

  private static void pack(TarArchiveOutputStream tar, Path top, Path path) throws IOException {
    String name = top.relativize(path).toString();
    var attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isOther()) {
      return;
    }
    TarArchiveEntry entry;
    if (attributes.isSymbolicLink()) {
      entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      entry.setLinkName(Files.readSymbolicLink(path).toString());
    } else {
      entry = new TarArchiveEntry(attributes.isDirectory() ? name + "/" : name);
      entry.setMode(mode(attributes.permissions()));
    }
    entry.setLastModifiedTime(attributes.lastModifiedTime());
    entry.setSize(attributes.isRegularFile() ? attributes.size() : 0);
    tar.putArchiveEntry(entry);
    if (attributes.isRegularFile()) {
      try (var in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
        in.transferTo(tar);
      }
    }
    tar.closeArchiveEntry();
  }

  private static int mode(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission permission : permissions) {
      mode |= 1 << (PosixFilePermission.values().length - 1 - permission.ordinal());
    }
    return mode;
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      int bit = 1 << (PosixFilePermission.values().length - 1 - permission.ordinal());
      if ((mode & bit) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }

  /**
   * Unpacks into a new directory.
   *
   * @param mostBytes of all files together
   * @throws IOException if an entry would lie outside the directory, or there is too much
   */
  static void unpack(Path archive, Path directory, long mostBytes) throws IOException {
    Files.createDirectory(directory);
    long bytes = 0;
    try (var tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        bytes += entry.isFile() ? entry.getSize() : 0;
        if (bytes > mostBytes) {
          throw new IOException("the checkpoint unpacks to more than " + mostBytes + " bytes");
        }
        unpack(tar, entry, directory);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path directory)
      throws IOException {
    Path path = inside(directory, entry.getName());
    if (entry.isDirectory()) {
      Files.createDirectory(path);
    } else if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      return;
    } else {
      try (var out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
        tar.transferTo(out);
      }
    }
    var mode =
        entry.isDirectory()
            ? permissions(entry.getMode() & PERMISSIONS)
            : permissions(entry.getMode());
    if (entry.isDirectory()) {
      mode.addAll(PosixFilePermissions.fromString("rwx------"));
    }
    Files.setPosixFilePermissions(path, mode);
    Files.setLastModifiedTime(path, FileTime.from(entry.getLastModifiedTime().toInstant()));
  }

  /** A name that leads out, or through a link, is not one that {@link #pack} has written. */
  private static Path inside(Path directory, String name) throws IOException {
    Path path = directory.resolve(name).normalize();
    Path parent = path.getParent();
    if (!path.startsWith(directory) || path.equals(directory) || parent == null) {
      throw new IOException("entry '" + name + "' lies outside the checkpoint");
    }
    try {
      if (!parent
          .toRealPath()
          .equals(directory.toRealPath().resolve(directory.relativize(parent)).normalize())) {
        throw new IOException("entry '" + name + "' lies behind a link");
      }
    } catch (NoSuchFileException e) {
      throw new IOException("entry '" + name + "' comes before its directory", e);
    }
    return path;
  }
}
