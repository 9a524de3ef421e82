package dev.holdfast.gateway.http;

import dev.holdfast.gateway.command.Decision;
import dev.holdfast.schemas.job.JobId;

/** The coordinator's refusals as problems. Pure. */
final class Refusals {
  private Refusals() {}

  static ProblemException of(Decision.Refused refused, JobId job) {
    int status =
        switch (refused.code()) {
          case "job-conflict", "job-ended" -> 409;
          case "job-unknown" -> 404;
          default -> 422;
        };
    return Problem.of(status, refused.code(), "The coordinator refused it", refused.message())
        .about(job)
        .exception();
  }
}
