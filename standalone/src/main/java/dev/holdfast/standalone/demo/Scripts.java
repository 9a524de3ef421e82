package dev.holdfast.standalone.demo;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the demo's jobs run. Each line of output names the process, so a second one would show. */
final class Scripts {
  /** Where a job also writes each step, outside of everything that Holdfast keeps. */
  static final String STEPS_FILE = "DEMO_STEPS";

  private Scripts() {}

  /** How many commits {@link #editing} makes here. */
  static int expectedCommits() {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    return Stream.of(path.split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "git")))
        ? 1
        : 0;
  }

  /** Prints, edits a file, and commits where there is a git. */
  static String editing(int steps) {
    return """
    i=0
    while [ $i -lt %d ]; do
      i=$((i+1))
      echo "step $i of %d, process $$, attempt $HOLDFAST_ATTEMPT"
      echo "line $i" >> chapter-1.txt
      sleep 0.1
    done
    if command -v git >/dev/null; then
      git add -A && git commit -q -m "Rewrite chapter 1"
    fi
    """
        .formatted(steps, steps);
  }

  /** Also notes each step with its token and the boot clock in a file that both attempts share. */
  static String noting(int steps) {
    return """
    i=0
    while [ $i -lt %d ]; do
      i=$((i+1))
      read -r up rest < /proc/uptime
      echo "$HOLDFAST_TOKEN $up $$" >> "$%s"
      echo "step $i of %d, process $$, attempt $HOLDFAST_ATTEMPT"
      sleep 0.1
    done
    """
        .formatted(steps, STEPS_FILE, steps);
  }

  /** What a job with one uninterrupted attempt must have printed, to the byte. */
  static String expectedOutput(int steps, String process, int attempt) {
    List<String> lines = new ArrayList<>();
    for (int i = 1; i <= steps; i++) {
      lines.add("step " + i + " of " + steps + ", process " + process + ", attempt " + attempt);
    }
    return String.join("\n", lines) + "\n";
  }

  /** The process that a line of output names. */
  static String processOf(String line) {
    return line.replaceAll(".*process (\\d+),.*", "$1");
  }
}
