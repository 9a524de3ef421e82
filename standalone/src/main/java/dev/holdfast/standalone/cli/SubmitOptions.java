package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.runtime.config.Durations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a job is given and may use, on the command line; each option is a part of its spec. */
final class SubmitOptions {
  private static final Map<Character, Long> UNITS =
      Map.of('k', 1L << 10, 'm', 1L << 20, 'g', 1L << 30, 't', 1L << 40);

  @Option(
      names = "--file",
      paramLabel = "NAME=PATH",
      description = "Content of PATH, for the job to read as $HOLDFAST_FILES/NAME. Repeatable.")
  private Map<String, Path> files = new LinkedHashMap<>();

  @Option(
      names = "--secret",
      paramLabel = "NAME[=VARIABLE]",
      description =
          "A secret of the worker's store, as VARIABLE, or as the file $HOLDFAST_SECRETS/NAME."
              + " Repeatable.")
  private List<String> secrets = new ArrayList<>();

  @Option(
      names = "--agent-files",
      paramLabel = "BUNDLE",
      description = "Bundle of agent files to lay into the workspace.")
  private @Nullable String agentFiles;

  @Option(
      names = "--checkpoint",
      description = "Keep $HOLDFAST_CHECKPOINT for a later attempt, should this one be lost.")
  private boolean checkpoint;

  @Option(names = "--timeout", paramLabel = "DURATION", description = "How long it may run.")
  private @Nullable String timeout;

  @Option(
      names = "--idle-timeout",
      paramLabel = "DURATION",
      description = "How long it may print nothing.")
  private @Nullable String idleTimeout;

  @Option(
      names = "--prepare-timeout",
      paramLabel = "DURATION",
      description = "How long workspace and image may take to be made ready.")
  private @Nullable String prepareTimeout;

  @Option(
      names = "--finisher",
      paramLabel = "MARKER",
      description = "A line of output with MARKER is its end, even if it does not leave by itself.")
  private @Nullable String finisher;

  @Option(
      names = "--on-lost-lease",
      paramLabel = "WHAT",
      description = "freeze (default), continue or end, when its worker loses the cell.")
  private @Nullable String onLostLease;

  @Option(names = "--cpus", paramLabel = "N", description = "Processors it may use, e.g. 1.5.")
  private @Nullable Double cpus;

  @Option(names = "--memory", paramLabel = "SIZE", description = "Memory it may use, e.g. 512m.")
  private @Nullable String memory;

  @Option(names = "--pids", paramLabel = "N", description = "Processes and threads it may have.")
  private @Nullable Integer pids;

  @Option(names = "--image", paramLabel = "IMAGE", description = "Run it in a container of IMAGE.")
  private @Nullable String image;

  @Option(
      names = "--network",
      paramLabel = "NETWORK",
      description = "The container's: none, bridge (default), or a name.")
  private @Nullable String network;

  /** Puts what was given into the job; wrong values are told with their option. */
  void into(ObjectNode body) {
    if (!files.isEmpty()) {
      ObjectNode object = body.putObject("files");
      files.forEach((name, path) -> object.put(name, content(name, path)));
    }
    if (!secrets.isEmpty()) {
      ArrayNode array = body.putArray("secrets");
      for (String secret : secrets) {
        String[] parts = secret.split("=", 2);
        ObjectNode use = array.addObject().put("name", parts[0]);
        if (parts.length == 2) {
          use.put("env", parts[1]);
        }
      }
    }
    if (agentFiles != null) {
      body.put("agentFiles", agentFiles);
    }
    if (checkpoint) {
      body.putObject("checkpoint");
    }
    if (onLostLease != null) {
      body.put("onLostLease", onLostLease);
    }
    if (finisher != null) {
      body.putObject("finisher").put("marker", finisher);
    }
    putTimeouts(body);
    putLimits(body);
    putContainer(body);
  }

  private void putTimeouts(ObjectNode body) {
    if (timeout == null && idleTimeout == null && prepareTimeout == null) {
      return;
    }
    ObjectNode timeouts = body.putObject("timeouts");
    put(timeouts, "run", "--timeout", timeout);
    put(timeouts, "idleOutput", "--idle-timeout", idleTimeout);
    put(timeouts, "prepare", "--prepare-timeout", prepareTimeout);
  }

  private static void put(
      ObjectNode timeouts, String field, String option, @Nullable String duration) {
    if (duration != null) {
      timeouts.put(field, iso(option, duration));
    }
  }

  private void putLimits(ObjectNode body) {
    if (cpus == null && memory == null && pids == null) {
      return;
    }
    ObjectNode limits = body.putObject("limits");
    if (cpus != null) {
      limits.put("cpus", cpus);
    }
    if (memory != null) {
      limits.put("memoryBytes", bytes("--memory", memory));
    }
    if (pids != null) {
      limits.put("pids", pids);
    }
  }

  private void putContainer(ObjectNode body) {
    if (image == null && network != null) {
      throw new WrongOption("--network is for containers: give an --image, too");
    }
    if (image != null) {
      ObjectNode container = body.putObject("container").put("image", image);
      if (network != null) {
        container.put("network", network);
      }
    }
  }

  /** A duration as people write it, in the API's spelling. */
  static String iso(String option, String text) {
    try {
      return Durations.parse(text).toString();
    } catch (IllegalArgumentException e) {
      throw new WrongOption(option + " " + e.getMessage());
    }
  }

  /** A size as people write it: a number, and k, m, g or t for powers of 1024. */
  static long bytes(String option, String text) {
    String number = text.strip().toLowerCase(java.util.Locale.ROOT);
    long unit = 1;
    if (number.endsWith("b")) {
      number = number.substring(0, number.length() - 1);
    }
    if (!number.isEmpty() && UNITS.containsKey(number.charAt(number.length() - 1))) {
      unit = UNITS.getOrDefault(number.charAt(number.length() - 1), 1L);
      number = number.substring(0, number.length() - 1);
    }
    try {
      return Math.multiplyExact(Long.parseLong(number), unit);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new WrongOption(option + " must be a size such as 512m or 2g, not '" + text + "'");
    }
  }

  private static String content(String name, Path path) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new WrongOption(
          "--file "
              + name
              + ": "
              + path
              + " is not UTF-8 text; keep binary input in the repository");
    } catch (IOException e) {
      throw new WrongOption("--file " + name + ": cannot read " + path + " (" + e + ")");
    }
  }
}
