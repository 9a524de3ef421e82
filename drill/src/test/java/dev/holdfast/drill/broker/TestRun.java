package dev.holdfast.drill.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.util.Arrays;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs test classes in a JVM of their own: Testcontainers reads its settings from the environment.
 */
final class TestRun {
  private TestRun() {}

  public static void main(String[] classes) {
    var listener = new SummaryGeneratingListener();
    // Closed before the summary: only then has what the classes share ended, too.
    try (var session = LauncherFactory.openSession()) {
      session
          .getLauncher()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(Arrays.stream(classes).map(name -> selectClass(name)).toList())
                  .build(),
              listener);
    }
    var summary = listener.getSummary();
    summary.printFailuresTo(new PrintWriter(System.out, true, UTF_8), 40);
    System.out.println(
        "found %d, passed %d"
            .formatted(summary.getTestsFoundCount(), summary.getTestsSucceededCount()));
    System.exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
  }
}
