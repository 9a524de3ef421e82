package dev.holdfast.gateway.http;

import dev.holdfast.gateway.log.Subscribers;
import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import java.util.function.BooleanSupplier;

/**
 * What the API is told when views change.
 *
 * @param outputBehind whether the index of output is known to lag behind its topic
 */
public record News(
    Subscribers<JobId, JobEvent> jobs,
    Subscribers<JobId, Boolean> output,
    Subscribers<JobId, Progress> progress,
    BooleanSupplier outputBehind) {}
