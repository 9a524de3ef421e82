package dev.holdfast.worker.presence;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs a worker is for, and how much they may request of it in all.
 *
 * @param pools whose jobs it runs; those of the default pool alone if empty
 * @param labels that jobs may require
 * @param cpus null if it cannot tell
 * @param memoryBytes null if it cannot tell
 */
public record Capacity(
    List<String> pools,
    SortedMap<String, String> labels,
    @Nullable Double cpus,
    @Nullable Long memoryBytes) {
  /** Of the default pool, without labels, of unknown size. */
  public static final Capacity UNTOLD = new Capacity(List.of(), new TreeMap<>(), null, null);

  public Capacity {
    pools = List.copyOf(pools);
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }
}
