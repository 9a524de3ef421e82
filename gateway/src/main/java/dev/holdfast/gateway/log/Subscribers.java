package dev.holdfast.gateway.log;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Who waits for news about what. News is told on the thread that applied it, after it can be read
 * in the view, so listeners must be quick.
 */
public final class Subscribers<K, E> {
  private final ConcurrentHashMap<K, CopyOnWriteArrayList<Consumer<E>>> listeners =
      new ConcurrentHashMap<>();

  /** Listens until the subscription is closed. */
  public Subscription listen(K key, Consumer<E> listener) {
    listeners.compute(
        key,
        (k, present) -> {
          var list = present == null ? new CopyOnWriteArrayList<Consumer<E>>() : present;
          list.add(listener);
          return list;
        });
    return () -> forget(key, listener);
  }

  public void tell(K key, E news) {
    var list = listeners.get(key);
    if (list != null) {
      list.forEach(listener -> listener.accept(news));
    }
  }

  /** How many keys are listened to. */
  public int size() {
    return listeners.size();
  }

  private void forget(K key, Consumer<E> listener) {
    listeners.computeIfPresent(
        key,
        (k, list) -> {
          list.remove(listener);
          return list.isEmpty() ? null : list;
        });
  }

  /** Ends one listener's interest; closing twice does no harm. */
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
