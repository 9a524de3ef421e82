package dev.holdfast.worker.index.cidx;

import dev.holdfast.runtime.file.Tree;
import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.index.CodeIndex;
import dev.holdfast.worker.index.IndexException;
import dev.holdfast.worker.index.IndexException.Code;
import dev.holdfast.worker.index.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes, mends and hands out indexes of the program {@code cidx}. */
public final class CidxIndex implements CodeIndex {
  private static final String FORMAT = "cidx-1";

  /** Keeps the copy out of what the job is found to have changed; git's own way to do so. */
  private static final String IGNORE_ITSELF = "# Laid here by Holdfast.\n*\n";

  private final Cidx cidx;
  private final InstantSource clock;

  /**
   * Starts nothing yet.
   *
   * @param program its path, or its name in the PATH
   * @param environment the worker's, of which it gets what it needs
   */
  public CidxIndex(String program, Map<String, String> environment, InstantSource clock) {
    this.cidx = new Cidx(program, Secrets.of(environment));
    this.clock = clock;
  }

  @Override
  public IndexKind kind() {
    return IndexKind.CIDX;
  }

  @Override
  public String format() {
    return FORMAT;
  }

  @Override
  public boolean startsFromOthers() {
    return true;
  }

  @Override
  public Made make(Sources sources, Path into, Patience patience)
      throws IOException, InterruptedException {
    String version = cidx.version(into, patience);
    Path project = into.resolveSibling("project");
    ScratchProject.checkOut(sources.mirror(), sources.commit(), project);
    Path store = project.resolve(StoreFiles.STORE);
    if (Files.exists(store, LinkOption.NOFOLLOW_LINKS)) {
      throw ownStore();
    }
    List<String> notes = bring(project, sources.earlier(), patience);
    Files.deleteIfExists(store.resolve(StoreFiles.HEARTBEAT));
    Files.move(store, into.resolve(StoreFiles.STORE), StandardCopyOption.ATOMIC_MOVE);
    Tree.delete(project);
    return new Made(version, Map.of("files", count(into)), notes);
  }

  private List<String> bring(Path project, Optional<Earlier> earlier, Patience patience)
      throws IOException, InterruptedException {
    Path source = earlier.map(Earlier::data).orElse(project).resolve(StoreFiles.STORE);
    if (earlier.isEmpty() || !Files.isDirectory(source)) {
      return new Care(cidx, project, List.of(), clock).make(patience);
    }
    TreeCopy.of(source, project.resolve(StoreFiles.STORE));
    String store = StoreFiles.STORE + "/";
    List<String> damaged =
        earlier.get().damaged().stream()
            .filter(path -> path.startsWith(store))
            .map(path -> path.substring(store.length()))
            .toList();
    var care = new Care(cidx, project, damaged, clock);
    return earlier.get().sameCommit() ? care.repair(patience) : care.update(patience);
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  @Override
  public Optional<String> damage(Path index, String commit) throws IOException {
    var findings = Diagnosis.of(index.resolve(StoreFiles.STORE), Optional.empty());
    return findings.isEmpty()
        ? Optional.empty()
        : Optional.of(
            findings.stream().map(Finding::explanation).collect(Collectors.joining("; ")));
  }

  @Override
  public Map<String, String> offer(Path index, Path workspace, Patience patience)
      throws IOException, InterruptedException {
    Path store = workspace.resolve(StoreFiles.STORE);
    Path mark = store.resolve(".gitignore");
    if (Files.exists(store, LinkOption.NOFOLLOW_LINKS)
        && !(Files.exists(mark) && Files.readString(mark).equals(IGNORE_ITSELF))) {
      throw ownStore();
    }
    boolean fit = false;
    try {
      Tree.delete(store);
      layInto(index.resolve(StoreFiles.STORE), store, workspace);
      requireFit(workspace, store, patience);
      fit = true;
    } finally {
      if (!fit) {
        Tree.delete(store);
      }
    }
    return Map.of("HOLDFAST_INDEX", store.toString());
  }

  /** It appears whole, with its mark: what a killed worker leaves is never taken for the job's. */
  private static void layInto(Path from, Path store, Path workspace) throws IOException {
    Path copy = workspace.resolve(".git").resolve("holdfast-code-indexer");
    Tree.delete(copy);
    TreeCopy.of(from, copy);
    Files.writeString(copy.resolve(".gitignore"), IGNORE_ITSELF);
    Files.move(copy, store, StandardCopyOption.ATOMIC_MOVE);
  }

  private void requireFit(Path workspace, Path store, Patience patience)
      throws IOException, InterruptedException {
    Cidx.Ran fixed = cidx.run(workspace, Remedy.FIX_CONFIG, patience);
    if (!fixed.succeeded()) {
      throw cidx.failure(Remedy.FIX_CONFIG.arguments(), fixed);
    }
    var findings = Diagnosis.of(store, Optional.of(workspace));
    if (!findings.isEmpty()) {
      throw new IndexException(
          Code.FAILED,
          "the copy of the cidx index in the workspace is not fit for use: "
              + findings.iterator().next().explanation());
    }
    Cidx.Ran status = cidx.status(workspace, patience);
    // Exit code 0 means nothing; this word does.
    if (!status.succeeded() || status.output().toLowerCase(Locale.ROOT).contains("corrupted")) {
      throw new IndexException(
          Code.FAILED, "cidx status finds its index not fit for use: " + status.lastLine());
    }
  }

  private static IndexException ownStore() {
    return new IndexException(
        Code.FAILED, "the repository has a " + StoreFiles.STORE + " of its own");
  }
}
