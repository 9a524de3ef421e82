package dev.holdfast.worker.handler;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The handlers of this worker, by name. */
public final class Handlers {
  private final Map<String, JobHandler> byName = new TreeMap<>();

  /** These handlers and no others. */
  public Handlers(Iterable<JobHandler> handlers) {
    for (JobHandler handler : handlers) {
      JobHandler other = byName.put(handler.name(), handler);
      if (other != null) {
        throw new IllegalStateException(
            "two handlers are named '%s': %s and %s; remove one of them from the class path"
                .formatted(handler.name(), other.getClass(), handler.getClass()));
      }
    }
  }

  /** All that are on the class path. */
  public static Handlers installed() {
    return new Handlers(ServiceLoader.load(JobHandler.class));
  }

  public Optional<JobHandler> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public SortedSet<String> names() {
    return new TreeSet<>(byName.keySet());
  }
}
