package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When and where a job may run.
 *
 * @param owner whose share of the workers it uses; whoever submitted it if null
 * @param pool of workers that may run it; {@code default} if null
 * @param requires labels that its worker must have
 * @param resources that its worker must have free; none if null
 * @param notBefore the earliest start; null for at once
 * @param exclusive whether no other such job may work on the same repository meanwhile; null for no
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Scheduling(
    @Nullable String owner,
    @Nullable String pool,
    SortedMap<String, String> requires,
    @Nullable ResourceRequest resources,
    @Nullable Instant notBefore,
    @Nullable Boolean exclusive) {
  public static final String DEFAULT_POOL = "default";
  public static final Scheduling NONE =
      new Scheduling(null, null, new TreeMap<>(), null, null, null);

  private static final int MOST_REQUIRED = 16;

  public Scheduling {
    Require.optionalLine("owner", owner, 200);
    if (pool != null) {
      Require.id("pool", pool);
    }
    requires = requires == null ? new TreeMap<>() : new TreeMap<>(requires);
    if (requires.size() > MOST_REQUIRED) {
      throw new InvalidField(
          "requires", "must be at most " + MOST_REQUIRED + " labels, not " + requires.size());
    }
    requires.forEach((name, value) -> {
      Require.id("requires." + name, name);
      Require.line("requires." + name, value, 200);
    });
    requires = Collections.unmodifiableSortedMap(requires);
  }

  /** In which pool the job waits. */
  public String poolOrDefault() {
    return pool == null ? DEFAULT_POOL : pool;
  }

  /**
   * What a job's worker must have free.
   *
   * @param cpus processors, e.g. 1.5
   * @param memoryBytes of memory
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ResourceRequest(@Nullable Double cpus, @Nullable Long memoryBytes) {
    public ResourceRequest {
      if (cpus != null && !(cpus >= 0.01 && cpus <= 10_000)) {
        throw new InvalidField("cpus", "must be from 0.01 to 10000, not " + cpus);
      }
      if (memoryBytes != null) {
        Require.atLeast("memoryBytes", 1, memoryBytes);
      }
    }
  }
}
