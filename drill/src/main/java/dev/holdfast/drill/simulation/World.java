package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.lease.Liveness;
import java.time.Duration;

/** What everybody in a simulation shares. */
record World(
    Scheduler scheduler,
    Chance chance,
    Broker broker,
    Conduct conduct,
    Witness witness,
    Mischief mischief) {
  static final Liveness LIVENESS = Liveness.DEFAULT;
  static final Duration TICK = LIVENESS.tick();
}
