package dev.holdfast.gateway.http;

import static java.util.Objects.requireNonNull;

import dev.holdfast.gateway.command.Accepted;
import dev.holdfast.gateway.fleet.Fleet;
import dev.holdfast.gateway.progress.ProgressBoard;
import dev.holdfast.gateway.view.JobDetail;
import dev.holdfast.gateway.view.JobQueries;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Finds the job that a request names, in the view or among those on their way into it. Blocks. */
final class Jobs {
  private final JobQueries view;
  private final Accepted accepted;
  private final ProgressBoard progress;
  private final Fleet fleet;

  Jobs(Views views) {
    this.view = views.jobs();
    this.accepted = views.accepted();
    this.progress = views.progress();
    this.fleet = views.fleet();
  }

  /** The id in the path; it may still break its schema. */
  static JobId id(RoutingContext call) {
    return new JobId(requireNonNull(call.pathParam("id")));
  }

  Optional<JobDetail> find(JobId id) {
    return view.find(id);
  }

  /** The job's answer; fails with 404, and the reason if its submission was refused. */
  JobAnswer answer(JobId id) {
    return view.find(id)
        .map(job -> JobAnswer.of(job, progress, fleet))
        .or(() -> accepted.find(id).map(JobAnswer::of))
        .orElseThrow(() -> unknown(id));
  }

  /** The job, or nothing if it is on its way into the view; fails with 404 otherwise. */
  Optional<JobDetail> detail(JobId id) {
    Optional<JobDetail> found = view.find(id);
    if (found.isEmpty() && accepted.find(id).isEmpty()) {
      throw unknown(id);
    }
    return found;
  }

  private ProblemException unknown(JobId id) {
    Optional<JobEvent.CommandRejected> refusal = view.refusal(id);
    String detail =
        refusal
            .map(rejected ->
                "its submission was refused (" + rejected.code() + "): " + rejected.message())
            .orElse("no job " + id + " is known; list them at /v1/jobs");
    return Problem.of(ProblemCode.JOB_UNKNOWN, detail).about(id).exception();
  }
}
