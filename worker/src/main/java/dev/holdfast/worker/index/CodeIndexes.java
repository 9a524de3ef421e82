package dev.holdfast.worker.index;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of a worker. An index is made on a thread of its own, for as many attempts as want
 * it; one that waits no longer goes on without, and the index is there for the next. Safe for many
 * threads.
 */
public final class CodeIndexes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CodeIndexes.class);

  /** Longer than any index takes; the attempts that wait have limits of their own. */
  private static final Duration MAKING_AT_MOST = Duration.ofHours(6);

  private static final long LOOK_UP_EVERY_MS = 50;

  private final Path root;
  private final Map<IndexKind, CodeIndex> kinds = new EnumMap<>(IndexKind.class);
  private final Duration longestWait;
  private final InstantSource clock;
  private final IndexMaking making;
  private final Map<IndexPlace, CompletableFuture<List<String>>> underWay =
      new ConcurrentHashMap<>();
  private final Map<Path, IndexPlace> users = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Opens nothing and makes nothing yet.
   *
   * @param longestWait of a job without a limit of its own
   * @param clock dates indexes and their use
   */
  public CodeIndexes(Path root, List<CodeIndex> kinds, Duration longestWait, InstantSource clock) {
    this.root = root.toAbsolutePath();
    this.longestWait = longestWait;
    kinds.forEach(kind -> this.kinds.put(kind.kind(), kind));
    this.clock = clock;
    this.making = new IndexMaking(new Inspection(), clock);
  }

  /**
   * The index of a workspace's commit, for the attempt of a run directory. It never fails: what
   * went wrong is what the job is told. The index is not removed before {@link #release}.
   */
  public IndexForJob ready(
      IndexKind kind, PreparedWorkspace workspace, Path runDirectory, Patience patience)
      throws InterruptedException {
    CodeIndex index = kinds.get(kind);
    if (index == null) {
      return new IndexForJob.None("this worker makes no index of kind " + IndexPlace.name(kind));
    }
    var place = IndexPlace.of(root, repository(workspace.mirror()), kind, workspace.baseCommit());
    try {
      use(runDirectory, place);
      List<String> notes = new ArrayList<>(await(place, index, workspace, patience));
      Files.setLastModifiedTime(
          IndexPlace.lastUsed(place.directory()), FileTime.from(clock.instant()));
      return new IndexForJob.Ready(
          index.offer(place.data(), workspace.directory(), patience), notes);
    } catch (IndexException e) {
      return new IndexForJob.None(e.why());
    } catch (IOException e) {
      return new IndexForJob.None(disk(e));
    }
  }

  /** How long a job waits that has no limit of its own. */
  public Duration longestWait() {
    return longestWait;
  }

  /** Mirrors are named after their URL and user: no index is shared where a mirror is not. */
  private static String repository(Path mirror) {
    String name = mirror.getFileName().toString();
    return name.endsWith(".git") ? name.substring(0, name.length() - ".git".length()) : name;
  }

  private List<String> await(
      IndexPlace place, CodeIndex index, PreparedWorkspace workspace, Patience patience)
      throws IOException, InterruptedException {
    CompletableFuture<List<String>> work =
        underWay.computeIfAbsent(place, p -> begin(p, index, workspace));
    while (!patience.over()) {
      try {
        return work.get(LOOK_UP_EVERY_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        continue;
      } catch (ExecutionException e) {
        throw failure(e);
      }
    }
    throw new IndexException(
        IndexException.Code.GIVEN_UP,
        "the index was not ready in time; it is still being made, for the next attempt");
  }

  private static IOException failure(ExecutionException failed) {
    return switch (failed.getCause()) {
      case IndexException e -> throw e;
      case IOException e -> e;
      case null, default -> new IOException(failed);
    };
  }

  /** A platform thread: making an index is computing, which virtual threads must not be kept by. */
  private CompletableFuture<List<String>> begin(
      IndexPlace place, CodeIndex index, PreparedWorkspace workspace) {
    var work = new CompletableFuture<List<String>>();
    Thread.ofPlatform()
        .daemon()
        .name("index-" + place.name())
        .start(() -> {
          try {
            Files.createDirectories(place.repository());
            var patience = Patience.of(MAKING_AT_MOST, () -> closed);
            List<String> notes =
                making.ensure(place, index, workspace.mirror(), workspace.baseCommit(), patience);
            underWay.remove(place);
            work.complete(notes);
          } catch (Throwable e) {
            underWay.remove(place);
            work.completeExceptionally(e);
          }
        });
    return work;
  }

  private static String disk(IOException e) {
    log.warn("an index could not be had", e);
    String what = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
    return "the index could not be made on this worker: "
        + (what == null ? e.toString() : what)
        + " ("
        + e.getClass().getSimpleName()
        + ")";
  }

  private void use(Path runDirectory, IndexPlace place) throws IOException {
    if (users.putIfAbsent(runDirectory, place) == null) {
      UseLocks.join(place.use());
      UseNote.write(runDirectory, place.directory());
    }
  }

  /** Uses the index of an attempt that was found on the disk, if it has one. */
  public void keep(Path runDirectory) {
    try {
      Optional<Path> index = UseNote.read(runDirectory);
      if (index.isPresent()) {
        use(runDirectory, IndexPlace.at(index.get()));
      }
    } catch (IOException | InvalidPathException e) {
      log.warn("cannot lock the index of {}; its note protects it: {}", runDirectory, e.toString());
    }
  }

  /** The attempt of the run directory needs its index no longer, or this worker leaves it. */
  public void release(Path runDirectory) {
    IndexPlace place = users.remove(runDirectory);
    if (place != null) {
      try {
        UseLocks.leave(place.use());
      } catch (IOException e) {
        log.debug("cannot close {}: {}", place.use(), e.toString());
      }
    }
  }

  /** Gives up whatever is being made. */
  @Override
  public void close() {
    closed = true;
    users.keySet().forEach(this::release);
  }
}
