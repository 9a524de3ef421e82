package dev.holdfast.drill.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One job of the workload. It prints known bytes at a known pace, notes each step in a ledger
 * outside of everything that Holdfast keeps, and leaves with a known code.
 *
 * @param key idempotency key
 * @param steps how many lines it prints
 * @param pauseMs time between two lines
 * @param exitCode what it leaves with
 * @param inRepository whether it works on a git repository
 * @param submittedTwice whether the client sends it a second time
 */
public record DrillJob(
    String key,
    int steps,
    int pauseMs,
    int exitCode,
    boolean inRepository,
    boolean submittedTwice,
    String nonce) {

  /** Name of the variable that holds the ledger's path. */
  public static final String LEDGER = "DRILL_LEDGER";

  /** A workload of jobs of 1 to 5 s; a pure function of the seed. */
  public static List<DrillJob> workload(long seed, int count) {
    var random = new SplittableRandom(seed ^ 0x5eed);
    var jobs = new ArrayList<DrillJob>();
    for (int i = 0; i < count; i++) {
      int lengthMs = random.nextInt(1_000, 5_000);
      int steps = random.nextInt(4, 13);
      jobs.add(
          new DrillJob(
              "drill-" + seed + "-" + i,
              steps,
              lengthMs / steps,
              random.nextInt(4) == 0 ? random.nextInt(1, 100) : 0,
              random.nextInt(4) == 0,
              random.nextInt(10) == 0,
              Long.toHexString(random.nextLong())));
    }
    return jobs;
  }

  /** Run by {@code sh -c}. Each line of the ledger is one write, so lines never mix. */
  public String script() {
    return """
    note() { read -r up rest < /proc/uptime; echo "$HOLDFAST_JOB $HOLDFAST_TOKEN $1 $up" >> "$%s"; }
    note start
    i=0
    while [ $i -lt %d ]; do
      i=$((i+1))
      echo "%s line $i of %d"
      note step
      sleep %d.%03d
    done
    note end
    exit %d
    """
        .formatted(LEDGER, steps, nonce, steps, pauseMs / 1000, pauseMs % 1000, exitCode);
  }

  /** The bytes that an attempt which ran to its end has printed. */
  public byte[] expectedOutput() {
    var text = new StringBuilder();
    for (int i = 1; i <= steps; i++) {
      text.append(nonce).append(" line ").append(i).append(" of ").append(steps).append('\n');
    }
    return text.toString().getBytes(UTF_8);
  }
}
