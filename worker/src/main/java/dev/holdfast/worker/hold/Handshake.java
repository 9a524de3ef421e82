package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order.Reconciled;
import dev.holdfast.schemas.attempt.Order.Standing;
import dev.holdfast.schemas.attempt.WorkerReport.WorkerStarted;
import dev.holdfast.worker.report.Reports;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A started worker and the coordinator agree on what the worker holds. Asked again every few ticks
 * until answered; and a second time, an interval later, if the coordinator did not know a job: it
 * may have been behind.
 */
final class Handshake {
  private static final Logger log = LoggerFactory.getLogger(Handshake.class);
  private static final int TICKS_BETWEEN_QUESTIONS = 3;

  private final Site site;
  private final Reports reports;
  private final Supplier<List<HeldAttempt>> held;
  private final Consumer<Reconciled> answered;
  private Stage stage = Stage.ASKING;
  private Duration untilNext = Duration.ZERO;

  /**
   * Not yet begun.
   *
   * @param held what the worker holds now and would find after another start
   * @param answered called with each answer that counts
   */
  Handshake(
      Site site, Reports reports, Supplier<List<HeldAttempt>> held, Consumer<Reconciled> answered) {
    this.site = site;
    this.reports = reports;
    this.held = held;
    this.answered = answered;
  }

  private enum Stage {
    /** No answer has come yet. */
    ASKING,
    /** Answered, but some job was unknown: to be asked once more. */
    PAUSING,
    /** Asked once more. */
    ASKING_AGAIN,
    /** Nothing is open. */
    DONE
  }

  synchronized boolean done() {
    return stage != Stage.ASKING;
  }

  /** Asks if it is time to. */
  void tick(Duration tick) {
    if (isTimeToAsk(tick)) {
      reports.send(new WorkerStarted(site.worker(), site.incarnation(), held.get()));
    }
  }

  private synchronized boolean isTimeToAsk(Duration tick) {
    untilNext = untilNext.minus(tick);
    if (stage == Stage.DONE || untilNext.isPositive()) {
      return false;
    }
    if (stage == Stage.PAUSING) {
      stage = Stage.ASKING_AGAIN;
    }
    untilNext = tick.multipliedBy(TICKS_BETWEEN_QUESTIONS);
    return true;
  }

  /** The coordinator answered; an answer to an earlier incarnation, or to no question, is moot. */
  void answer(Reconciled reconciled) {
    if (reconciled.incarnation() == site.incarnation() && counts(reconciled)) {
      log.info("reconciled as incarnation {}: {}", site.incarnation(), reconciled.verdicts());
      answered.accept(reconciled);
    }
  }

  private synchronized boolean counts(Reconciled reconciled) {
    boolean unknown =
        reconciled.verdicts().stream().anyMatch(verdict -> verdict.standing() == Standing.UNKNOWN);
    return switch (stage) {
      case ASKING -> {
        stage = unknown ? Stage.PAUSING : Stage.DONE;
        untilNext = site.liveness().heartbeat();
        yield true;
      }
      case ASKING_AGAIN -> {
        stage = Stage.DONE;
        yield true;
      }
      case PAUSING, DONE -> false;
    };
  }
}
