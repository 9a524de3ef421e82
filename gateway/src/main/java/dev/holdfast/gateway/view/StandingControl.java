package dev.holdfast.gateway.view;

import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.job.Cause;
import java.time.Instant;

/**
 * A control that holds.
 *
 * @param cause who set it, and why
 * @param since when
 */
public record StandingControl(Control control, Cause cause, Instant since) {}
