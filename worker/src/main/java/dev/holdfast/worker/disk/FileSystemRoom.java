package dev.holdfast.worker.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Asks the kernel, by {@code statvfs}: Java's {@code FileStore} knows no inodes. The call's answer
 * is laid out alike on x86_64 and aarch64, glibc and musl: eight unsigned longs, then what is not
 * needed here.
 */
final class FileSystemRoom {
  private static final long ANSWER_BYTES = 256;
  private static final long FRAGMENT = 8;
  private static final long BLOCKS = 16;
  private static final long BLOCKS_FREE_TO_ALL = 32;
  private static final long FILES = 40;
  private static final long FILES_FREE_TO_ALL = 56;

  @SuppressWarnings("restricted") // the launcher allows native access
  private static final MethodHandle STATVFS =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().find("statvfs").orElseThrow(),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

  private FileSystemRoom() {}

  /** Whoever can tell what a file system has left. */
  interface Probe {
    Room look() throws IOException;
  }

  /** Of the file system that has this directory. */
  static Probe of(Path directory) {
    return () -> look(directory);
  }

  static Room look(Path directory) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(directory.toAbsolutePath().toString());
      MemorySegment answer = arena.allocate(ANSWER_BYTES, JAVA_LONG.byteAlignment());
      if (call(path, answer) != 0) {
        throw new IOException(
            "cannot tell what is free in " + directory + ": expected a directory, statvfs failed");
      }
      long fragment = answer.get(JAVA_LONG, FRAGMENT);
      long files = answer.get(JAVA_LONG, FILES);
      return new Room(
          answer.get(JAVA_LONG, BLOCKS_FREE_TO_ALL) * fragment,
          answer.get(JAVA_LONG, BLOCKS) * fragment,
          files == 0 ? Room.UNLIMITED : answer.get(JAVA_LONG, FILES_FREE_TO_ALL),
          files);
    }
  }

  private static int call(MemorySegment path, MemorySegment answer) {
    try {
      return (int) STATVFS.invokeExact(path, answer);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a native call throws nothing checked", e);
    }
  }
}
