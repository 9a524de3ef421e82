package dev.holdfast.worker.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker and its shims keep for themselves, so that jobs which take all that there is make
 * no heartbeat late. Everything here is asked of the kernel once, and done without where it is
 * refused.
 */
final class Reservation {
  private static final Logger log = LoggerFactory.getLogger(Reservation.class);

  /** For all jobs together, where the worker alone has 100 (version 2) or 1024 (version 1). */
  private static final int WEIGHT = 20;

  private static final int SHARES = 204;

  private static final long LEAST_BYTES = 256L << 20;
  private static final long MOST_BYTES = 1L << 30;
  private static final int PART_OF_MEMORY = 20;
  private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");

  private Reservation() {}

  /** Makes the jobs of a branch step back behind everything else. */
  static void apply(Branch branch) {
    Path jobs = branch.jobs();
    if (branch.controllers().contains("cpu")) {
      Branch.write(
          jobs.resolve(branch.unified() ? "cpu.weight" : "cpu.shares"),
          Integer.toString(branch.unified() ? WEIGHT : SHARES));
    }
    if (branch.controllers().contains("memory")) {
      long bytes = forJobs();
      if (bytes > 0) {
        Branch.write(
            jobs.resolve(branch.unified() ? "memory.max" : "memory.limit_in_bytes"),
            Long.toString(bytes));
      }
    }
  }

  static long forJobs() {
    return forJobs(totalBytes());
  }

  /** What jobs may have of a machine's memory; 0 for all of it, on a machine too small to share. */
  static long forJobs(long totalBytes) {
    long reserved = Math.clamp(totalBytes / PART_OF_MEMORY, LEAST_BYTES, MOST_BYTES);
    return totalBytes >= 4 * reserved ? totalBytes - reserved : 0;
  }

  private static long totalBytes() {
    try {
      String text = Files.readString(Path.of("/proc/meminfo"), StandardCharsets.US_ASCII);
      Matcher total = TOTAL.matcher(text);
      return total.find() ? Long.parseLong(total.group(1)) * 1024 : 0;
    } catch (IOException e) {
      log.debug("cannot read how much memory there is: {}", e.toString());
      return 0;
    }
  }
}
