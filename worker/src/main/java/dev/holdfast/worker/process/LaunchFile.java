package dev.holdfast.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The file {@code launch}: strings that each end with a zero byte, so that arguments and variables
 * may hold any other byte; the last one is the checksum of all bytes before it.
 */
public final class LaunchFile {

  public static final String NAME = "launch";

  private static final String VERSION = "version=1";
  private static final int CHECKSUM_LENGTH = "crc32=xxxxxxxx\0".length();

  private LaunchFile() {}

  /** Of a run directory whose shim does not look where it is. */
  public static byte[] render(Launch launch) {
    return render(launch, List.of());
  }

  /**
   * Of a run directory that its shim refuses to launch once it was moved away.
   *
   * @param place of the run directory
   */
  public static byte[] render(Launch launch, Path place) {
    return render(launch, List.of("run_directory=" + place));
  }

  private static byte[] render(Launch launch, List<String> more) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    append(bytes, VERSION);
    append(bytes, "cwd=" + launch.directory());
    append(bytes, "stop_grace_ms=" + launch.timing().stopGrace().toMillis());
    append(bytes, "beat_ms=" + launch.timing().beat().toMillis());
    append(bytes, "run_timeout_ms=" + launch.timing().runTimeout().toMillis());
    append(bytes, "idle_timeout_ms=" + launch.timing().idleOutput().toMillis());
    Launch.LeaseLoss loss = launch.leaseLoss();
    append(bytes, "frozen_limit_ms=" + loss.frozenLimit().toMillis());
    append(bytes, "frozen_limit_worker_ms=" + loss.frozenLimitWithWorker().toMillis());
    append(bytes, "worker_lock=" + loss.workerLock());
    append(bytes, "on_lost_lease=" + loss.policy().name().toLowerCase(Locale.ROOT));
    more.forEach(entry -> append(bytes, entry));
    Launch.Finisher finisher = launch.finisher();
    if (finisher != null) {
      append(bytes, "finisher_marker=" + finisher.marker());
      append(bytes, "finisher_grace_ms=" + finisher.grace().toMillis());
    }
    append(bytes, "nice=" + launch.confinement().nice());
    append(bytes, "oom_score_adj=" + launch.confinement().oomScoreAdj());
    launch.confinement().cgroups().forEach(path -> append(bytes, "cgroup=" + path));
    launch.command().forEach(argument -> append(bytes, "arg=" + argument));
    launch.environment().forEach((name, value) -> append(bytes, "env=" + name + "=" + value));
    append(bytes, "crc32=" + checksum(bytes.toByteArray(), bytes.size()));
    return bytes.toByteArray();
  }

  /**
   * The same file without some variables: those whose values must not stay on the disk once the
   * shim has read them. A damaged file comes back as it is.
   */
  public static byte[] without(Set<String> variables, byte[] bytes) {
    if (!(parse(bytes) instanceof Reading.Whole<Launch>)) {
      return bytes;
    }
    String[] entries =
        new String(bytes, 0, bytes.length - CHECKSUM_LENGTH - 1, UTF_8).split("\0", -1);
    var kept = new ByteArrayOutputStream();
    for (String entry : entries) {
      if (!entry.startsWith("env=") || !variables.contains(split(split(entry)[1])[0])) {
        append(kept, entry);
      }
    }
    append(kept, "crc32=" + checksum(kept.toByteArray(), kept.size()));
    return kept.toByteArray();
  }

  private static void append(ByteArrayOutputStream bytes, String entry) {
    if (entry.indexOf(0) >= 0) {
      throw new IllegalArgumentException(
          "An argument, variable or path cannot hold a zero byte: " + entry.replace('\0', '?'));
    }
    bytes.writeBytes(entry.getBytes(UTF_8));
    bytes.write(0);
  }

  public static Reading<Launch> parse(byte[] bytes) {
    int covered = bytes.length - CHECKSUM_LENGTH;
    if (covered <= 0 || bytes[bytes.length - 1] != 0) {
      return new Reading.Damaged<>("it does not end with a checksum");
    }
    String last = new String(bytes, covered, CHECKSUM_LENGTH - 1, UTF_8);
    if (!last.equals("crc32=" + checksum(bytes, covered))) {
      return new Reading.Damaged<>("its checksum is wrong");
    }
    String[] entries = new String(bytes, 0, covered - 1, UTF_8).split("\0", -1);
    return new Reading.Whole<>(entries).map(LaunchFile::fromEntries);
  }

  private static Launch fromEntries(String[] entries) {
    if (!entries[0].equals(VERSION)) {
      throw new IllegalArgumentException("its first entry is not " + VERSION);
    }
    List<String> command = new ArrayList<>();
    Map<String, String> environment = new LinkedHashMap<>();
    List<Path> cgroups = new ArrayList<>();
    Map<String, String> fields = new HashMap<>();
    for (int i = 1; i < entries.length; i++) {
      String[] entry = split(entries[i]);
      switch (entry[0]) {
        case "arg" -> command.add(entry[1]);
        case "cgroup" -> cgroups.add(Path.of(entry[1]));
        case "env" -> {
          String[] variable = split(entry[1]);
          environment.put(variable[0], variable[1]);
        }
        default -> fields.put(entry[0], entry[1]);
      }
    }
    return new Launch(
        Path.of(text(fields, "cwd")),
        command,
        environment,
        new Launch.Timing(
            duration(fields, "stop_grace_ms"),
            duration(fields, "beat_ms"),
            duration(fields, "run_timeout_ms"),
            Duration.ofMillis(optional(fields, "idle_timeout_ms"))),
        new Launch.LeaseLoss(
            Launch.Policy.valueOf(text(fields, "on_lost_lease").toUpperCase(Locale.ROOT)),
            Path.of(text(fields, "worker_lock")),
            duration(fields, "frozen_limit_ms"),
            duration(fields, "frozen_limit_worker_ms")),
        fields.containsKey("finisher_marker")
            ? new Launch.Finisher(
                text(fields, "finisher_marker"), duration(fields, "finisher_grace_ms"))
            : null,
        new Launch.Confinement(
            cgroups, (int) optional(fields, "nice"), (int) optional(fields, "oom_score_adj")));
  }

  private static String[] split(String entry) {
    String[] parts = entry.split("=", 2);
    if (parts.length != 2) {
      throw new IllegalArgumentException("not of the form name=value: " + entry);
    }
    return parts;
  }

  private static String text(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("it has no " + name);
    }
    return value;
  }

  private static Duration duration(Map<String, String> fields, String name) {
    return Duration.ofMillis(Long.parseLong(text(fields, name)));
  }

  /** What an earlier release did not write counts as 0. */
  private static long optional(Map<String, String> fields, String name) {
    return Long.parseLong(fields.getOrDefault(name, "0"));
  }

  private static String checksum(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return "%08x".formatted(crc.getValue());
  }
}
