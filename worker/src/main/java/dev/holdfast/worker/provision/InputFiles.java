package dev.holdfast.worker.provision;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.file.Tree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;

/** The files that a spec holds, as files for the job to read. */
final class InputFiles {
  private InputFiles() {}

  /** Lays them out; the directory appears complete or not at all, and is never changed. */
  static void lay(Map<String, String> files, Path directory) throws IOException {
    if (files.isEmpty() || Files.exists(directory)) {
      return;
    }
    Path unseen = directory.resolveSibling(directory.getFileName() + ".new");
    Tree.delete(unseen);
    Files.createDirectory(unseen);
    var readOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------"));
    for (var file : files.entrySet()) {
      try (var channel =
          Files.newByteChannel(
              unseen.resolve(file.getKey()),
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              readOnly)) {
        var bytes = ByteBuffer.wrap(file.getValue().getBytes(UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    }
    Files.move(unseen, directory, StandardCopyOption.ATOMIC_MOVE);
  }
}
