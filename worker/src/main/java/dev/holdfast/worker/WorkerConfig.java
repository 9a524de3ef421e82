package dev.holdfast.worker;

import com.sun.management.OperatingSystemMXBean;
import dev.holdfast.runtime.config.Address;
import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.config.Setting;
import dev.holdfast.runtime.config.Settings;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.container.EngineAddress;
import dev.holdfast.worker.hold.Site.Limits;
import dev.holdfast.worker.output.OutputLimit;
import dev.holdfast.worker.presence.Capacity;
import dev.holdfast.worker.workspace.CollectLimits;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a worker.
 *
 * @param name the stable name asked for; generated once if empty
 * @param data this one worker's own directory
 * @param times how long it waits for jobs to end
 * @param limits how much it keeps of them
 * @param engine that runs containers
 * @param disk how it keeps house
 * @param supplies where it finds what jobs name
 * @param indexing how code indexes are made
 * @param environment of which jobs inherit a little
 * @param cgroups where those of jobs go, as {@code Cgroups.open} takes it
 * @param capacity which jobs it is for, and how much they may request of it
 */
public record WorkerConfig(
    CellConfig cell,
    Optional<String> name,
    Path data,
    int slots,
    Times times,
    Limits limits,
    EngineAddress engine,
    Disk disk,
    Supplies supplies,
    Indexing indexing,
    Address management,
    Map<String, String> environment,
    String cgroups,
    Capacity capacity) {
  private static final int MOST_SLOTS = 10_000;
  private static final long GIBIBYTE = 1024L * 1024 * 1024;

  /**
   * How long a worker waits for jobs to end.
   *
   * @param drain when it stops itself, before it leaves them to their shims
   * @param stopGrace when a job is to end, before it is killed
   * @param prepare until its command can start
   * @param saveWork between two saves of its work while it runs; zero for none
   */
  public record Times(Duration drain, Duration stopGrace, Duration prepare, Duration saveWork) {}

  /**
   * How it keeps house.
   *
   * @param reserveBytes that no job may use; empty for 5 % of the disk, but not more than 1 GiB
   * @param sweepEvery between two searches for what belongs to nobody
   * @param imagesUnused how long an image that it pulled is kept without use; zero for ever
   */
  public record Disk(OptionalLong reserveBytes, Duration sweepEvery, Duration imagesUnused) {}

  /**
   * Directories that the worker's operator fills, and how many bytes of unclaimed work it keeps.
   */
  public record Supplies(Path secrets, Path agentFiles, long savedBytes) {
    private static Supplies from(Settings settings) {
      Path data = settings.path(Setting.DATA);
      return new Supplies(
          settings
              .optional(Setting.SECRETS)
              .map(WorkerConfig::absolute)
              .orElse(data.resolve("secrets")),
          settings
              .optional(Setting.AGENT_FILES)
              .map(WorkerConfig::absolute)
              .orElse(data.resolve("agent-files")),
          settings.number(Setting.SAVED_LIMIT, 0, 1000 * GIBIBYTE));
    }
  }

  /**
   * How code indexes are made.
   *
   * @param longestWait of a job for its index
   * @param cidx the program of that name
   */
  public record Indexing(Duration longestWait, String cidx) {}

  /** Reads the settings; jobs may inherit a little of this process's own environment. */
  public static WorkerConfig from(Settings settings) {
    return from(settings, System.getenv());
  }

  /** Reads the settings; {@code environment} is what jobs may inherit from. */
  public static WorkerConfig from(Settings settings, Map<String, String> environment) {
    Optional<String> name = settings.optional(Setting.WORKER);
    try {
      name.ifPresent(WorkerId::new);
    } catch (InvalidField e) {
      settings.problem(Setting.WORKER, e.problem());
    }
    var output = OutputLimit.ofHead(settings.number(Setting.OUTPUT_LIMIT, 0, 100 * GIBIBYTE));
    long resultBytes = settings.number(Setting.RESULT_LIMIT, 1, 100 * GIBIBYTE);
    var standard = CollectLimits.DEFAULT;
    return new WorkerConfig(
        CellConfig.from(settings),
        name,
        settings.path(Setting.DATA),
        settings.integer(Setting.SLOTS, 1, MOST_SLOTS),
        new Times(
            settings.duration(Setting.DRAIN),
            settings.duration(Setting.STOP_GRACE),
            settings.duration(Setting.PREPARE_TIMEOUT),
            settings.duration(Setting.SAVE_WORK_EVERY)),
        new Limits(
            output,
            new CollectLimits(
                Math.min(standard.diffBytes(), resultBytes),
                resultBytes,
                standard.uncommittedBytes())),
        engine(settings, environment),
        disk(settings),
        Supplies.from(settings),
        new Indexing(settings.duration(Setting.INDEX_WAIT), settings.text(Setting.CIDX)),
        settings.address(Setting.MANAGEMENT),
        Map.copyOf(environment),
        cgroups(settings),
        capacity(settings));
  }

  /** All of the machine's processors and memory, unless it is told otherwise. */
  private static Capacity capacity(Settings settings) {
    List<String> pools = new ArrayList<>();
    for (String pool : listed(settings.text(Setting.POOLS))) {
      try {
        pools.add(Require.id("pool", pool));
      } catch (InvalidField e) {
        settings.problem(Setting.POOLS, "'" + pool + "' " + e.problem());
      }
    }
    SortedMap<String, String> labels = new TreeMap<>();
    for (String label : listed(settings.text(Setting.LABELS))) {
      String[] parts = label.split("=", 2);
      if (parts.length < 2 || parts[0].isBlank() || parts[1].isBlank()) {
        settings.problem(Setting.LABELS, "must be NAME=VALUE,..., not '" + label + "'");
      } else {
        labels.put(parts[0].strip(), parts[1].strip());
      }
    }
    boolean cpusLeftOut = settings.optional(Setting.CPUS).isEmpty();
    boolean memoryLeftOut = settings.optional(Setting.MEMORY).isEmpty();
    return new Capacity(
        pools,
        labels,
        (double)
            (cpusLeftOut
                ? Runtime.getRuntime().availableProcessors()
                : settings.integer(Setting.CPUS, 1, 100_000)),
        memoryLeftOut
            ? physicalMemory()
            : Long.valueOf(settings.number(Setting.MEMORY, 1, Long.MAX_VALUE)));
  }

  private static List<String> listed(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(one -> !one.isEmpty()).toList();
  }

  private static @Nullable Long physicalMemory() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : null;
  }

  private static String cgroups(Settings settings) {
    String cgroups = settings.text(Setting.CGROUPS);
    if (!cgroups.equals("auto") && !cgroups.equals("off") && !cgroups.startsWith("/")) {
      settings.problem(
          Setting.CGROUPS, "must be auto, off or an absolute directory, not '" + cgroups + "'");
    }
    return cgroups;
  }

  private static Path absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize();
  }

  private static EngineAddress engine(Settings settings, Map<String, String> environment) {
    try {
      return EngineAddress.parse(settings.text(Setting.DOCKER), environment);
    } catch (IllegalArgumentException e) {
      settings.problem(Setting.DOCKER, String.valueOf(e.getMessage()));
      return EngineAddress.OFF;
    }
  }

  private static Disk disk(Settings settings) {
    OptionalLong reserve =
        settings.optional(Setting.DISK_RESERVE).isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(settings.number(Setting.DISK_RESERVE, 0, 1024 * GIBIBYTE));
    return new Disk(
        reserve, settings.duration(Setting.SWEEP_EVERY), settings.duration(Setting.IMAGES_UNUSED));
  }
}
