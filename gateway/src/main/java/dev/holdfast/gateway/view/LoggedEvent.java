package dev.holdfast.gateway.view;

import dev.holdfast.schemas.job.JobEvent;

/** An event with its offset on the events topic. */
public record LoggedEvent(long offset, JobEvent event) {}
