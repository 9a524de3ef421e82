package dev.holdfast.gateway.view;

import dev.holdfast.schemas.job.JobSpec;
import org.jspecify.annotations.Nullable;

/**
 * A job as the view can tell it.
 *
 * @param spec as decided
 * @param position place in the ready queue of its pool, from 1; null unless it is queued
 * @param heldBack why it would get no slot whatever is free; null if it would, or is not queued
 */
public record JobDetail(
    JobView job, JobSpec spec, @Nullable Integer position, @Nullable String heldBack) {}
