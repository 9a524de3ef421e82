package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When, where and how often a job may run, on the command line. */
final class SchedulingOptions {
  @Option(
      names = "--owner",
      description = "Whose share of the workers it uses (default: all who submit by HTTP as one).")
  private @Nullable String owner;

  @Option(names = "--pool", description = "Pool of workers that may run it (default: default).")
  private @Nullable String pool;

  @Option(
      names = "--require",
      paramLabel = "LABEL=VALUE",
      description = "Label that its worker must have. Repeatable.")
  private Map<String, String> requires = new LinkedHashMap<>();

  @Option(
      names = "--request-cpus",
      paramLabel = "N",
      description = "Processors that its worker must have free, e.g. 1.5.")
  private @Nullable Double requestCpus;

  @Option(
      names = "--request-memory",
      paramLabel = "SIZE",
      description = "Memory that its worker must have free, e.g. 4g.")
  private @Nullable String requestMemory;

  @Option(
      names = "--not-before",
      paramLabel = "WHEN",
      description =
          "Earliest start: an instant such as 2026-11-01T12:00:00Z, or a time from now, such as"
              + " 2h.")
  private @Nullable String notBefore;

  @Option(
      names = "--exclusive",
      description = "Alone, of all jobs that ask for it, on its repository.")
  private boolean exclusive;

  @Option(
      names = "--lock",
      paramLabel = "NAME[:PERMITS]",
      description = "Lock that it holds while it runs. Repeatable; all are taken at once.")
  private List<String> locks = new ArrayList<>();

  @Option(
      names = "--retry",
      paramLabel = "ATTEMPTS",
      description = "Try it so often in all, if it does not succeed.")
  private @Nullable Integer attempts;

  @Option(
      names = "--retry-on",
      paramLabel = "CAUSE",
      split = ",",
      description = "exit, signal, timeout, infrastructure (default: all but timeout). Repeatable.")
  private List<String> retryOn = new ArrayList<>();

  @Option(
      names = "--retry-backoff",
      paramLabel = "DURATION",
      description = "Wait before the second attempt, doubled each time (default: 10s).")
  private @Nullable String backoff;

  @Option(
      names = "--account",
      description = "Account whose limit it may reach; see --limit-pattern.")
  private @Nullable String account;

  @Option(
      names = "--limit-pattern",
      paramLabel = "REGEX",
      description =
          "In its last lines when the account's limit is reached; a group named reset says until"
              + " when. The account's jobs wait then, and no attempt is spent.")
  private @Nullable String limitPattern;

  @Option(
      names = "--limit-code",
      paramLabel = "N",
      description = "Exit code that says that the account's limit is reached. Repeatable.")
  private List<Integer> limitCodes = new ArrayList<>();

  /** Puts what was given into the job; wrong values are told with their option. */
  void into(ObjectNode body) {
    putScheduling(body);
    if (!locks.isEmpty()) {
      ArrayNode array = body.putArray("locks");
      locks.forEach(lock -> putLock(array.addObject(), lock));
    }
    putRetry(body);
    putQuota(body);
  }

  private void putScheduling(ObjectNode body) {
    ObjectNode scheduling = Api.JSON.createObjectNode();
    if (owner != null) {
      scheduling.put("owner", owner);
    }
    if (pool != null) {
      scheduling.put("pool", pool);
    }
    if (!requires.isEmpty()) {
      requires.forEach(scheduling.putObject("requires")::put);
    }
    if (requestCpus != null || requestMemory != null) {
      ObjectNode resources = scheduling.putObject("resources");
      if (requestCpus != null) {
        resources.put("cpus", requestCpus);
      }
      if (requestMemory != null) {
        resources.put("memoryBytes", SubmitOptions.bytes("--request-memory", requestMemory));
      }
    }
    if (notBefore != null) {
      scheduling.put("notBefore", instant("--not-before", notBefore));
    }
    if (exclusive) {
      scheduling.put("exclusive", true);
    }
    if (!scheduling.isEmpty()) {
      body.set("scheduling", scheduling);
    }
  }

  private static void putLock(ObjectNode lock, String given) {
    int colon = given.lastIndexOf(':');
    String permits = colon < 0 ? "" : given.substring(colon + 1);
    if (permits.matches("[0-9]{1,5}")) {
      lock.put("name", given.substring(0, colon)).put("permits", Integer.parseInt(permits));
    } else {
      lock.put("name", given);
    }
  }

  private void putRetry(ObjectNode body) {
    if (attempts == null) {
      if (!retryOn.isEmpty() || backoff != null) {
        throw new WrongOption("--retry-on and --retry-backoff say how to retry: give --retry, too");
      }
      return;
    }
    ObjectNode retry = body.putObject("retry").put("attempts", attempts);
    if (!retryOn.isEmpty()) {
      retryOn.forEach(retry.putArray("on")::add);
    }
    if (backoff != null) {
      retry.put("backoff", SubmitOptions.iso("--retry-backoff", backoff));
    }
  }

  private void putQuota(ObjectNode body) {
    if (account == null) {
      if (limitPattern != null || !limitCodes.isEmpty()) {
        throw new WrongOption(
            "--limit-pattern and --limit-code are about an account: give --account, too");
      }
      return;
    }
    ObjectNode quota = body.putObject("quota").put("account", account);
    if (limitPattern != null) {
      quota.put("pattern", limitPattern);
    }
    if (!limitCodes.isEmpty()) {
      limitCodes.forEach(quota.putArray("exitCodes")::add);
    }
  }

  /** An instant as people write it, in the API's spelling: itself, or a duration from now. */
  static String instant(String option, String text) {
    try {
      return Instant.parse(text).toString();
    } catch (DateTimeParseException e) {
      try {
        return Instant.now().plus(Duration.parse(SubmitOptions.iso(option, text))).toString();
      } catch (WrongOption notEither) {
        throw new WrongOption(
            option
                + " must be an instant such as 2026-11-01T12:00:00Z or a time from now such as 2h,"
                + " not '"
                + text
                + "'");
      }
    }
  }
}
