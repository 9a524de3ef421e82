package dev.holdfast.schemas.lease;

import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import java.time.Duration;

/**
 * How often an attempt gives a sign of life, and after how much silence it is stale.
 *
 * <p>Source of the factors: the lease arithmetic in docs/architecture.md. With the default of 30 s
 * and 120 s a lease lasts 90 s, a freeze takes at most 5 s, a heartbeat is delivered within 20 s or
 * not at all; all of them scale with stale-after.
 *
 * @param heartbeat time between two heartbeats
 * @param staleAfter silence, on the log's own clock, after which a job may be given to another
 *     worker
 */
public record Liveness(Duration heartbeat, Duration staleAfter) {
  public static final Liveness DEFAULT =
      new Liveness(Duration.ofSeconds(30), Duration.ofSeconds(120));

  public Liveness {
    Require.present("heartbeat", heartbeat);
    Require.present("staleAfter", staleAfter);
    if (heartbeat.compareTo(Duration.ofMillis(100)) < 0) {
      throw new InvalidField("heartbeat", "must be at least PT0.1S, not " + heartbeat);
    }
    if (staleAfter.compareTo(Duration.ofDays(7)) > 0) {
      throw new InvalidField("staleAfter", "must be at most 7 days, not " + staleAfter);
    }
    if (heartbeat.compareTo(staleAfter.dividedBy(4)) > 0) {
      throw new InvalidField(
          "staleAfter", "must be at least four heartbeats of " + heartbeat + ", not " + staleAfter);
    }
  }

  /**
   * How long a lease lasts after the newest acknowledged sign of life was sent: 3/4 of stale-after.
   */
  public Duration lease() {
    return staleAfter.multipliedBy(3).dividedBy(4);
  }

  /** Within this time after its lease ran out an attempt is frozen. */
  public Duration freezeWithin() {
    return staleAfter.dividedBy(24);
  }

  /** A heartbeat not acknowledged after this time no longer counts for the sender. */
  public Duration deliveryTimeout() {
    return staleAfter.dividedBy(6);
  }

  /** Silence after which an attempt is late. */
  public Duration lateAfter() {
    return staleAfter.dividedBy(2);
  }

  /** How long a frozen attempt is kept while no worker lives on its host. */
  public Duration frozenLimit() {
    return staleAfter.multipliedBy(5);
  }

  /** How long a frozen attempt is kept while a worker lives on its host. */
  public Duration frozenLimitWithWorker() {
    return staleAfter.multipliedBy(720);
  }

  /** The cell's tick and presence interval, for which this liveness is the cell's default. */
  public Duration tick() {
    Duration sixth = heartbeat.dividedBy(6);
    Duration most = Duration.ofSeconds(5);
    return sixth.compareTo(most) < 0 ? sixth : most;
  }

  /**
   * Refuses a liveness that a cell with this tick cannot keep: lease, freeze, slack and three
   * ticks, at a clock rate off by 0.4 %, must end before stale-after; so must lease, delivery and
   * freeze. Three, because the log's clock may age a lease by that much too early
   * (docs/decisions/0006).
   *
   * @throws InvalidField naming {@code staleAfter}
   */
  public Liveness checkedAgainst(Duration cellTick) {
    Duration slack = staleAfter.dividedBy(24);
    Duration early = cellTick.multipliedBy(3);
    double fenced = 1.004 * lease().plus(freezeWithin()).plus(slack).plus(early).toNanos();
    double delivered = lease().plus(deliveryTimeout()).plus(freezeWithin()).toNanos();
    long allowed = staleAfter.toNanos();
    if (fenced > allowed || delivered > allowed) {
      throw new InvalidField(
          "staleAfter",
          "is too short for this cell, which ticks every "
              + cellTick
              + ": give at least "
              + cellTick.multipliedBy(19));
    }
    return this;
  }
}
