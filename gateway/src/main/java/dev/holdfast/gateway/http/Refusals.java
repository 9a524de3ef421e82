package dev.holdfast.gateway.http;

import dev.holdfast.gateway.command.Decision;
import dev.holdfast.schemas.job.JobId;

/** The coordinator's refusals as problems. Pure. */
final class Refusals {
  private Refusals() {}

  static ProblemException of(Decision.Refused refused, JobId job) {
    return problem(refused).about(job).exception();
  }

  /** Of what is not about one job. */
  static ProblemException of(Decision.Refused refused) {
    return problem(refused).exception();
  }

  private static Problem problem(Decision.Refused refused) {
    int status =
        switch (refused.code()) {
          case "job-conflict", "job-ended", "lock-not-held" -> 409;
          case "job-unknown" -> 404;
          default -> 422;
        };
    return Problem.of(status, refused.code(), "The coordinator refused it", refused.message());
  }
}
