package dev.holdfast.worker.index.lucene;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.index.CodeIndex;
import dev.holdfast.worker.index.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.store.NoLockFactory;
import org.apache.lucene.util.Version;

/** Makes and checks the embedded index. */
public final class LuceneIndex implements CodeIndex {
  /** Counts up when fields or analysis change. */
  private static final int SHAPE = 1;

  private static final double BUFFER_MB = 32;
  private static final String COMMIT = "commit";

  private final SearchScript script;

  /**
   * Loads nothing of Lucene yet.
   *
   * @param script with which jobs search
   */
  public LuceneIndex(SearchScript script) {
    this.script = script;
  }

  @Override
  public IndexKind kind() {
    return IndexKind.LUCENE;
  }

  @Override
  public String format() {
    return "lucene-" + Version.LATEST + "-" + SHAPE;
  }

  @Override
  public Made make(Sources sources, Path into, Patience patience) throws IOException {
    Quiet.please();
    var config = new IndexWriterConfig(CodeAnalyzer.ofText());
    config.setRAMBufferSizeMB(BUFFER_MB);
    try (Directory directory = open(into);
        IndexWriter writer = new IndexWriter(directory, config)) {
      Map<String, Long> counts =
          new CommitFiles()
              .read(
                  sources.mirror(),
                  sources.commit(),
                  (path, text) -> {
                    patience.require("making the index");
                    writer.addDocument(Fields.of(path, text));
                  });
      writer.setLiveCommitData(Map.of(COMMIT, sources.commit()).entrySet());
      writer.commit();
      return new Made("Lucene " + Version.LATEST, counts, List.of());
    }
  }

  @Override
  public Optional<String> damage(Path index, String commit) throws IOException {
    Quiet.please();
    var told = new ByteArrayOutputStream();
    try (Directory directory = open(index);
        CheckIndex check = new CheckIndex(directory);
        PrintStream lines = new PrintStream(told, false, StandardCharsets.UTF_8)) {
      check.setInfoStream(lines);
      check.setLevel(CheckIndex.Level.MIN_LEVEL_FOR_INTEGRITY_CHECKS);
      CheckIndex.Status status = check.checkIndex();
      lines.flush();
      if (!status.clean) {
        return Optional.of("Lucene finds it damaged: " + reason(told));
      }
      String found = status.userData == null ? null : status.userData.get(COMMIT);
      return commit.equals(found)
          ? Optional.empty()
          : Optional.of("it was made of commit " + found + ", not of " + commit);
    }
  }

  /** The line that names the trouble, out of a page of successes. */
  private static String reason(ByteArrayOutputStream told) {
    return told.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("ERROR") || line.contains("FAILED") || line.contains("rror:"))
        .findFirst()
        .map(String::strip)
        .orElse("it cannot be opened");
  }

  /** Without locks: an index in the making has one writer, and a made one has none. */
  private static Directory open(Path path) throws IOException {
    return new NIOFSDirectory(path, NoLockFactory.INSTANCE);
  }

  @Override
  public Map<String, String> offer(Path index, Path workspace, Patience patience)
      throws IOException {
    return Map.of(
        "HOLDFAST_INDEX", index.toString(), "HOLDFAST_SEARCH", script.written().toString());
  }
}
