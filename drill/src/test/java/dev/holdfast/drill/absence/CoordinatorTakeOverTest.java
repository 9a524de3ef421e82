package dev.holdfast.drill.absence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The coordinator that decides is killed, frozen or cut off while jobs are submitted: the other
 * decides within seconds, and nothing is ever decided by both.
 */
@Tag("long")
@ExtendWith(SharedPair.class)
class CoordinatorTakeOverTest {
  private static final Duration TAKE_OVER = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** What the struck one may have decided while it was being struck. */
  private static final Duration STILL_UNDER_WAY = Duration.ofMillis(300);

  private static final int MORE = 25;

  /** What is done to the coordinator that decides, and how it is undone. */
  private record Fault(String name, boolean survived, Step strike, Step undo) {}

  private interface Step {
    void on(PairedCell cell, String coordinator) throws Exception;
  }

  @Test
  void ofOneThatIsKilled(PairedCell cell) throws Exception {
    isFollowedInTime(cell, new Fault("killed", false, PairedCell::kill, PairedCell::startAgain));
  }

  @Test
  void ofOneThatIsFrozen(PairedCell cell) throws Exception {
    isFollowedInTime(
        cell,
        new Fault(
            "frozen",
            true,
            (pair, coordinator) -> pair.signal("STOP", coordinator),
            (pair, coordinator) -> pair.signal("CONT", coordinator)));
  }

  @Test
  void ofOneThatIsCutOffFromTheBroker(PairedCell cell) throws Exception {
    isFollowedInTime(
        cell,
        new Fault(
            "cut-off",
            true,
            (pair, coordinator) -> pair.gate(coordinator).shut(),
            (pair, coordinator) -> pair.gate(coordinator).open()));
  }

  private static void isFollowedInTime(PairedCell cell, Fault fault) throws Exception {
    try (var decisions = new Decisions(cell.bootstrap())) {
      var traffic = new Traffic(cell.bootstrap(), fault.name());
      try (traffic) {
        awaitMore(traffic, decisions);
        String leader = leader(cell);
        long pid = cell.pid(leader);

        Instant struckAt = Instant.now();
        fault.strike().on(cell, leader);
        try {
          assertThat(takeOver(decisions, struckAt, fault)).isLessThan(TAKE_OVER);
          awaitMore(traffic, decisions);
        } finally {
          fault.undo().on(cell, leader);
        }

        cell.awaitBoth("coordinator");
        awaitMore(traffic, decisions);
        assertThat(cell.pid(leader) == pid).as("the very process").isEqualTo(fault.survived());
      }
      awaitEndOf(traffic.jobs(), decisions);
      assertThat(decisions.broken(traffic.jobs())).isEmpty();
      System.out.printf("  %,d jobs meanwhile, each decided once%n", traffic.jobs().size());
    }
  }

  /** Time until a reader sees something that the other one has decided. */
  private static Duration takeOver(Decisions decisions, Instant struckAt, Fault fault) {
    Decisions.Seen first =
        await("a decision of the other coordinator")
            .atMost(PATIENCE)
            .until(() -> decisions.firstAfter(struckAt.plus(STILL_UNDER_WAY)), Optional::isPresent)
            .orElseThrow();
    Duration visible = Duration.between(struckAt, first.seenAt());
    System.out.printf(
        "coordinator %s: the other's first decision after %,d ms, visible after %,d ms%n",
        fault.name(),
        Duration.between(struckAt, first.event().at()).toMillis(),
        visible.toMillis());
    return visible;
  }

  /** What was submitted so far ends, and so does what comes after it. */
  private static void awaitMore(Traffic traffic, Decisions decisions) {
    int more = traffic.jobs().size() + MORE;
    await("more jobs").atMost(PATIENCE).until(() -> traffic.jobs().size() >= more);
    awaitEndOf(traffic.jobs(), decisions);
  }

  private static void awaitEndOf(List<JobId> jobs, Decisions decisions) {
    await("the end of " + jobs.size() + " jobs")
        .atMost(PATIENCE)
        .until(() -> ended(decisions).containsAll(jobs));
  }

  private static Set<JobId> ended(Decisions decisions) {
    var ended = new HashSet<JobId>();
    decisions.events(JobEvent.Ended.class).forEach(event -> ended.add(event.job()));
    return ended;
  }

  /** The one whose count of decisions grows. */
  private static String leader(PairedCell cell) {
    double a = decided(cell, "coordinator-a");
    double b = decided(cell, "coordinator-b");
    return await("a coordinator that decides, alone")
        .atMost(PATIENCE)
        .until(
            () -> {
              boolean first = decided(cell, "coordinator-a") > a;
              boolean second = decided(cell, "coordinator-b") > b;
              return first == second ? "" : first ? "coordinator-a" : "coordinator-b";
            },
            name -> !name.isEmpty());
  }

  private static double decided(PairedCell cell, String coordinator) {
    return cell.metric(coordinator, "holdfast_events_total").values().stream()
        .mapToDouble(Double::doubleValue)
        .sum();
  }
}
