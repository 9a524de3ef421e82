package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.lease.Liveness;
import java.time.Duration;

/**
 * The settings that decisions depend on.
 *
 * @param liveness of jobs that do not ask for their own
 * @param tick interval of the monitor's ticks and of presence
 * @param lostLimit how many attempts of a job may be lost before it is parked as FAILED
 */
public record CellRules(Liveness liveness, Duration tick, int lostLimit) {}
