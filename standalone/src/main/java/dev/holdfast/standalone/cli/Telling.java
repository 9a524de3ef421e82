package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Parts of the API's answers as people read them. */
final class Telling {
  private static final List<String> SIZES = List.of("B", "KiB", "MiB", "GiB", "TiB");

  private Telling() {}

  /** Percent and text of a job's progress; empty for none. */
  static String progress(JsonNode progress) {
    String percent =
        progress.path("percent").isNumber() ? progress.path("percent").asInt() + "%" : "";
    return (percent + " " + progress.path("text").asText("")).strip();
  }

  /** What an attempt used, in one line. */
  static String usage(JsonNode usage) {
    var parts = new ArrayList<String>();
    parts.add("wall " + time(usage, "wallMs"));
    if (usage.path("frozenMs").asLong() > 0) {
      parts.add("frozen " + time(usage, "frozenMs"));
    }
    parts.add("cpu " + time(usage, "cpuMs"));
    parts.add("memory " + size(usage.path("peakMemoryBytes").asLong()));
    parts.add("read " + size(usage.path("readBytes").asLong()));
    parts.add("written " + size(usage.path("writtenBytes").asLong()));
    parts.add("output " + size(usage.path("outputBytes").asLong()));
    if (usage.path("killedProcesses").asInt() > 0) {
      parts.add("killed " + usage.path("killedProcesses").asInt() + " processes");
    }
    if (usage.path("survivingProcesses").asInt() > 0) {
      parts.add(usage.path("survivingProcesses").asInt() + " processes could not be ended");
    }
    return String.join(", ", parts);
  }

  /** What a worker cannot offer, and since when. */
  static String unavailable(JsonNode unavailable) {
    return StreamSupport.stream(unavailable.spliterator(), false)
        .map(lack ->
            "%s: %s since %s"
                .formatted(
                    lack.path("what").asText(),
                    lack.path("reason").asText(),
                    lack.path("since").asText()))
        .collect(Collectors.joining("; "));
  }

  /** Free of total; empty if the worker cannot tell. */
  static String disk(JsonNode disk) {
    return disk.has("freeBytes")
        ? size(disk.path("freeBytes").asLong()) + " of " + size(disk.path("totalBytes").asLong())
        : "";
  }

  private static String time(JsonNode usage, String field) {
    Duration time = Duration.ofMillis(usage.path(field).asLong());
    return time.toHours() > 0
        ? "%dh%02dm%02ds".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : time.toMinutes() > 0
            ? "%dm%02ds".formatted(time.toMinutes(), time.toSecondsPart())
            : String.format(Locale.ROOT, "%.2fs", time.toMillis() / 1000.0);
  }

  static String size(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= 1024 && unit < SIZES.size() - 1) {
      size /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, SIZES.get(unit));
  }
}
