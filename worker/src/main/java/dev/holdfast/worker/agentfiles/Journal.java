package dev.holdfast.worker.agentfiles;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import dev.holdfast.worker.run.SealedJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Remembers, beside the workspace, which bundle is being laid into it. */
final class Journal {
  private static final SealedJson<Record> RECORDS = new SealedJson<>(Record.class);

  private final Path file;

  Journal(Path file) {
    this.file = file;
  }

  /**
   * What is under way.
   *
   * @param ours paths where the workspace had nothing of its own
   * @param complete whether every file has been verified
   */
  record Record(Manifest manifest, Set<String> ours, boolean complete) {
    static final Record NOTHING = new Record(new Manifest(List.of()), Set.of(), false);

    Record {
      Require.present("manifest", manifest);
      ours = ours == null ? Set.of() : Set.copyOf(ours);
    }
  }

  /** A damaged one is as good as none: then nothing is taken back. */
  Record read() throws IOException {
    if (!Files.exists(file)) {
      return Record.NOTHING;
    }
    try {
      return RECORDS.open(Files.readAllBytes(file));
    } catch (InvalidField e) {
      return Record.NOTHING;
    }
  }

  void write(Record record) throws IOException {
    AtomicFile.write(file, RECORDS.seal(record));
  }
}
