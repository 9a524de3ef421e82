package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobState;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a job that has ended.
 *
 * @param token of the attempt whose outcome was accepted; null if none was
 */
public record EndedJob(JobId id, String specDigest, JobState state, @Nullable Token token) {}
