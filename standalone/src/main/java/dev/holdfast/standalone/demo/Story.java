package dev.holdfast.standalone.demo;

import dev.holdfast.standalone.cli.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Tells what happens, with the time since the start, and keeps what was found. */
final class Story {
  private final PrintWriter out;
  private final long beganNanos = System.nanoTime();
  private final List<Finding> findings = new ArrayList<>();

  Story(PrintWriter out) {
    this.out = out;
  }

  synchronized void tell(String text) {
    double seconds = (System.nanoTime() - beganNanos) / 1e9;
    out.printf("%7.2f s  %s%n", seconds, text);
    out.flush();
  }

  synchronized void heading(String text) {
    out.println();
    out.println(text);
    out.flush();
  }

  void found(Finding finding) {
    findings.add(finding);
    tell((finding.held() ? "HELD: " : "BROKEN: ") + finding.what());
  }

  /** Prints the table; true if every claim was tested and held. */
  boolean conclude() {
    var table =
        new Table(List.of("JOBS", "ATTEMPTS", "WHAT HAPPENED", "RECOVERY", "OUTPUT", "HELD"));
    for (Finding finding : findings) {
      table.row(
          List.of(
              finding.jobs(),
              finding.attempts(),
              finding.what(),
              finding.recovery().toMillis() + " ms",
              finding.output(),
              finding.held() ? "yes" : "NO"));
    }
    heading("What happened");
    table.print(out);
    boolean held = Finding.allHeld(findings);
    heading(held ? "Every promise held." : "NOT every promise held; see above.");
    return held;
  }
}
