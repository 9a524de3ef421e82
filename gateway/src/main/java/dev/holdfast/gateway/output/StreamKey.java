package dev.holdfast.gateway.output;

import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;

/** One stream of one attempt. */
public record StreamKey(JobId job, Token token, OutputStreamName stream) {}
