package dev.holdfast.worker.index;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A real index that counts how often it is made, and waits before it is, if a test says so. */
final class WatchedIndex implements CodeIndex {
  final AtomicInteger made = new AtomicInteger();
  final CountDownLatch mayBeMade;
  private final CodeIndex index;

  private WatchedIndex(CodeIndex index, int waits) {
    this.index = index;
    this.mayBeMade = new CountDownLatch(waits);
  }

  static WatchedIndex over(CodeIndex index) {
    return new WatchedIndex(index, 0);
  }

  static WatchedIndex heldUp(CodeIndex index) {
    return new WatchedIndex(index, 1);
  }

  @Override
  public IndexKind kind() {
    return index.kind();
  }

  @Override
  public String format() {
    return index.format();
  }

  @Override
  public Made make(Sources sources, Path into, Patience patience)
      throws IOException, InterruptedException {
    made.incrementAndGet();
    if (!mayBeMade.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("never allowed to be made");
    }
    return index.make(sources, into, patience);
  }

  @Override
  public Optional<String> damage(Path data, String commit) throws IOException {
    return index.damage(data, commit);
  }

  @Override
  public Map<String, String> offer(Path data, Path workspace, Patience patience)
      throws IOException, InterruptedException {
    return index.offer(data, workspace, patience);
  }
}
