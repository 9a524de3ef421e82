package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The file beside a work tree that proves it complete and remembers how it was made. A marker with
 * a wrong checksum counts as none.
 */
final class ReadyMarker {

  private static final String CHECKSUM = "checksum";

  private ReadyMarker() {}

  static Path of(Path workspaceDir) {
    return workspaceDir.resolveSibling(workspaceDir.getFileName() + ".ready");
  }

  static void write(PreparedWorkspace workspace) throws IOException {
    Properties fields = new Properties();
    fields.setProperty("repository", workspace.repository());
    workspace.resolvedRef().ifPresent(ref -> fields.setProperty("resolvedRef", ref));
    fields.setProperty("baseCommit", workspace.baseCommit());
    fields.setProperty("workBranch", workspace.workBranch());
    fields.setProperty("mirror", workspace.mirror().toString());
    fields.setProperty("resumed", Boolean.toString(workspace.resumed()));
    fields.setProperty("notes", String.join("\n", workspace.notes()));
    fields.setProperty(CHECKSUM, checksum(fields));
    StringWriter text = new StringWriter();
    fields.store(text, null);
    Path marker = of(workspace.directory());
    Path temporary = marker.resolveSibling(marker.getFileName() + ".tmp");
    Files.writeString(temporary, text.toString());
    FileTrees.publish(temporary, marker);
  }

  static Optional<PreparedWorkspace> read(Path workspaceDir) throws IOException {
    Path marker = of(workspaceDir);
    if (!Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Properties fields = new Properties();
    try {
      fields.load(new StringReader(Files.readString(marker)));
    } catch (CharacterCodingException | IllegalArgumentException e) {
      // Not our text any more: the same as a wrong checksum.
      return Optional.empty();
    }
    Object stored = fields.remove(CHECKSUM);
    if (!checksum(fields).equals(stored)) {
      return Optional.empty();
    }
    String notes = fields.getProperty("notes");
    return Optional.of(
        new PreparedWorkspace(
            workspaceDir,
            fields.getProperty("repository"),
            Optional.ofNullable(fields.getProperty("resolvedRef")),
            fields.getProperty("baseCommit"),
            fields.getProperty("workBranch"),
            Path.of(fields.getProperty("mirror")),
            Boolean.parseBoolean(fields.getProperty("resumed")),
            notes.isEmpty() ? List.of() : List.of(notes.split("\n"))));
  }

  private static String checksum(Properties fields) {
    CRC32C crc = new CRC32C();
    crc.update(new TreeMap<>(fields).toString().getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }
}
