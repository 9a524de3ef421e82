package dev.holdfast.drill.chaos;

import dev.holdfast.drill.check.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures of a drill.
 *
 * @param kills by target
 * @param events of all jobs, by type
 * @param bytes of output that were compared
 * @param leftovers processes of the drill that outlived it
 */
public record DrillReport(
    long seed,
    int jobs,
    Map<String, Integer> kills,
    Map<String, Integer> events,
    long bytes,
    int deadLetters,
    int leftovers,
    Duration took,
    Verdict verdict) {

  public String text() {
    return """
    drill seed %d: %d jobs in %d s
      kills       %d: %s
      events      %s
      output      %d bytes compared
      dead letters %d, processes left %d
      broken      %s\
    """
        .formatted(
            seed,
            jobs,
            took.toSeconds(),
            kills.values().stream().mapToInt(Integer::intValue).sum(),
            new TreeMap<>(kills),
            new TreeMap<>(events),
            bytes,
            deadLetters,
            leftovers,
            verdict.broken().isEmpty()
                ? "nothing"
                : verdict.broken().size() + "\n    " + String.join("\n    ", verdict.broken()));
  }
}
