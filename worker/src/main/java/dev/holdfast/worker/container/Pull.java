package dev.holdfast.worker.container;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.PullResponseItem;
import dev.holdfast.worker.container.EngineException.Code;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A pull under way: its callbacks come on threads of the client. */
final class Pull extends ResultCallback.Adapter<PullResponseItem> {
  private static final long TELL_EVERY_NS = TimeUnit.SECONDS.toNanos(2);
  private static final long LOOK_EVERY_MS = 100;

  private final String reference;
  private final Consumer<String> progress;
  private final Map<String, Layer> layers = new ConcurrentHashMap<>();
  private volatile long lastNewsNs = System.nanoTime();
  private volatile @Nullable String refusal;
  private volatile @Nullable Throwable failure;
  private volatile boolean complete;
  private long lastToldNs = System.nanoTime() - TELL_EVERY_NS;

  Pull(String reference, Consumer<String> progress) {
    this.reference = reference;
    this.progress = progress;
  }

  private record Layer(long current, long total) {}

  @Override
  public void onNext(PullResponseItem item) {
    lastNewsNs = System.nanoTime();
    var error = item.getErrorDetail();
    if (error != null) {
      refusal = String.valueOf(error.getMessage());
    }
    var detail = item.getProgressDetail();
    Long current = detail == null ? null : detail.getCurrent();
    Long total = detail == null ? null : detail.getTotal();
    if (item.getId() != null && current != null && total != null) {
      layers.put(item.getId(), new Layer(current, total));
    }
    tell();
  }

  /** Nothing before the first size is known: that there is a pull was told by whoever began it. */
  private void tell() {
    if (!layers.isEmpty() && System.nanoTime() - lastToldNs >= TELL_EVERY_NS) {
      lastToldNs = System.nanoTime();
      progress.accept(describe());
    }
  }

  private String describe() {
    double done = layers.values().stream().mapToLong(Layer::current).sum();
    double all = layers.values().stream().mapToLong(Layer::total).sum();
    return "pulling image %s: %.1f of %.1f MB".formatted(reference, done / 1e6, all / 1e6);
  }

  @Override
  public void onError(Throwable throwable) {
    failure = throwable;
    super.onError(throwable);
  }

  @Override
  public void onComplete() {
    complete = true;
    super.onComplete();
  }

  /** Waits for the end, as long as there is progress and somebody wants it. */
  void await(Duration stall, BooleanSupplier givenUp) {
    try {
      while (!ended()) {
        if (givenUp.getAsBoolean()) {
          throw new EngineException(
              Code.CANCELLED, "nobody wants image " + reference + " any more");
        }
        if (System.nanoTime() - lastNewsNs > stall.toNanos()) {
          throw new EngineException(
              Code.REGISTRY_UNREACHABLE,
              "pull of %s: no progress for %s".formatted(reference, stall));
        }
        Thread.sleep(LOOK_EVERY_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(Code.CANCELLED, "interrupted in the pull of " + reference, e);
    } finally {
      closeQuietly();
    }
    judge();
  }

  private boolean ended() {
    return complete || failure != null;
  }

  private void judge() {
    String words = refusal;
    Throwable thrown = failure;
    if (words != null) {
      throw EngineFaults.ofPull(reference, words, thrown);
    }
    if (thrown instanceof com.github.dockerjava.api.exception.DockerException answer) {
      throw EngineFaults.ofPull(reference, String.valueOf(answer.getMessage()).strip(), answer);
    }
    if (thrown != null) {
      throw EngineFaults.of("pull of " + reference, thrown);
    }
  }

  private void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      // The pull is over as far as anybody here is concerned.
      failure = failure == null && !complete ? e : failure;
    }
  }
}
