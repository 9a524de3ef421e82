package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.chaos.Drill;
import dev.holdfast.drill.chaos.DrillConfig;
import dev.holdfast.drill.chaos.DrillReport;
import dev.holdfast.drill.chaos.Systems;
import dev.holdfast.standalone.demo.DemoRepository;
import dev.holdfast.standalone.up.Plan;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** 200 jobs while every role is killed with -9, again and again, for two minutes. */
class DrillTest {
  private static final int JOBS = 200;
  private static final Duration FAULTS = Duration.ofMinutes(2);
  private static final Duration QUIET = Duration.ofMinutes(4);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @Test
  void everyJobEndsOnceWithItsTrueOutcomeWhateverIsKilled() throws Exception {
    long seed = Long.getLong("holdfast.seed", System.currentTimeMillis() % 1_000_000);
    System.out.println("drill seed " + seed + " (again with -Dholdfast.seed=" + seed + ")");
    Path home = directory.toRealPath();
    Plan plan = Systems.plan(home, 2, 8, true, HEARTBEAT);
    Path repository = DemoRepository.create(home.resolve("repository"));

    DrillReport report =
        new Drill(new DrillConfig(home, seed, JOBS, FAULTS, QUIET), plan, repository).run();

    System.out.println(report.text());
    assertThat(report.verdict().broken()).isEmpty();
    assertThat(report.jobs()).isEqualTo(JOBS);
    assertThat(report.deadLetters()).isZero();
    assertThat(report.leftovers()).isZero();
    assertThat(report.kills().keySet()).containsExactlyInAnyOrderElementsOf(plan.names());
  }
}
