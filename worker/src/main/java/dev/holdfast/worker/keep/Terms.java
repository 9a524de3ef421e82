package dev.holdfast.worker.keep;

import dev.holdfast.worker.workspace.CollectLimits;
import java.time.Duration;

/**
 * How long workspaces may take to be made, and how their work is saved.
 *
 * @param prepareAtMost for jobs that name no prepare timeout of their own
 * @param saveEvery how often the work of a running job is saved; zero for never
 * @param limits how much of it
 * @param shelf where the work of attempts goes that nobody asks for
 */
public record Terms(
    Duration prepareAtMost, Duration saveEvery, CollectLimits limits, Shelf shelf) {}
