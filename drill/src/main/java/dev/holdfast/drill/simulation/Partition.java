package dev.holdfast.drill.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One partition of the log, in memory. Appends are in the order of their happening. */
final class Partition<T> {
  private final Scheduler scheduler;
  private final List<@Nullable Entry<T>> entries = new ArrayList<>();
  private final List<Runnable> readers = new ArrayList<>();

  Partition(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  record Entry<T>(long atMs, T value) {}

  void append(T value) {
    entries.add(new Entry<>(scheduler.nowMs(), value));
    readers.forEach(Runnable::run);
  }

  /** Whether compaction has left the entry at this offset. */
  boolean holds(int offset) {
    return entries.get(offset) != null;
  }

  Entry<T> at(int offset) {
    return Objects.requireNonNull(entries.get(offset));
  }

  /** The offset that the next entry will get. */
  int end() {
    return entries.size();
  }

  /**
   * Removes entries, read or not, as compaction may at any time.
   *
   * @param key of which only the newest entry must stay
   * @param mayGo whether even the newest need not stay
   */
  void compact(Function<T, String> key, Predicate<Entry<T>> mayGo) {
    Map<String, Integer> newest = new HashMap<>();
    for (int offset = entries.size() - 1; offset >= 0; offset--) {
      Entry<T> entry = entries.get(offset);
      if (entry != null
          && (newest.putIfAbsent(key.apply(entry.value()), offset) != null || mayGo.test(entry))) {
        entries.set(offset, null);
      }
    }
  }

  /** Calls the reader whenever there is more to read. */
  void onAppend(Runnable reader) {
    readers.add(reader);
  }
}
