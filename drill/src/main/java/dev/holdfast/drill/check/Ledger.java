package dev.holdfast.drill.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the jobs noted themselves: which attempt did something at which time. */
public final class Ledger {
  /**
   * Everything that one attempt noted.
   *
   * @param first and {@code last}: seconds since the machine started
   */
  public record Work(String job, long token, int starts, int ends, double first, double last) {}

  private final Map<String, Map<Long, Work>> works = new TreeMap<>();

  /** Reads lines of {@code job token kind uptime}. */
  public static Ledger of(List<String> lines) {
    var ledger = new Ledger();
    for (String line : lines) {
      String[] parts = line.split(" ");
      ledger.add(parts[0], Long.parseLong(parts[1]), parts[2], Double.parseDouble(parts[3]));
    }
    return ledger;
  }

  private void add(String job, long token, String kind, double at) {
    works
        .computeIfAbsent(job, id -> new TreeMap<>())
        .merge(
            token,
            new Work(job, token, is(kind, "start"), is(kind, "end"), at, at),
            (a, b) ->
                new Work(
                    job,
                    token,
                    a.starts() + b.starts(),
                    a.ends() + b.ends(),
                    Math.min(a.first(), b.first()),
                    Math.max(a.last(), b.last())));
  }

  /** The attempts of a job that did anything, the oldest token first. */
  public List<Work> of(String job) {
    return new ArrayList<>(works.getOrDefault(job, Map.of()).values());
  }

  private static int is(String kind, String wanted) {
    return kind.equals(wanted) ? 1 : 0;
  }
}
