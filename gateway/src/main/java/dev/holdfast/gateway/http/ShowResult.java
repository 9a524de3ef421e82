package dev.holdfast.gateway.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.gateway.view.JobDetail;
import dev.holdfast.gateway.view.JobView;
import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobState;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/jobs/{id}/result}. */
final class ShowResult implements Operation {
  private final Jobs jobs;
  private final Blocking blocking;

  ShowResult(Jobs jobs, Blocking blocking) {
    this.jobs = jobs;
    this.blocking = blocking;
  }

  /** See {@code Result} in openapi.yaml. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record ResultAnswer(
      JobId job, JobState state, JobResult.@Nullable Changes changes, List<FileAnswer> files) {}

  /** One file, and where to get it. */
  record FileAnswer(String name, String mediaType, long bytes, String sha256, String href) {}

  @Override
  public String id() {
    return "showResult";
  }

  @Override
  public void handle(RoutingContext call) {
    JobId id = Jobs.id(call);
    blocking
        .query(() -> answer(id, jobs.detail(id)))
        .onSuccess(answer -> Reply.json(call, 200, answer))
        .onFailure(call::fail);
  }

  static Optional<JobResult> result(Optional<JobDetail> detail) {
    return detail.map(known -> known.job().end()).map(JobView.End::result);
  }

  private static ResultAnswer answer(JobId id, Optional<JobDetail> detail) {
    JobState state = detail.map(known -> known.job().state()).orElse(JobState.SUBMITTED);
    Optional<JobResult> result = result(detail);
    List<FileAnswer> files =
        result.map(JobResult::files).orElse(List.of()).stream()
            .map(file ->
                new FileAnswer(
                    file.name(),
                    file.mediaType(),
                    file.bytes(),
                    file.sha256(),
                    "/v1/jobs/" + id + "/result/" + file.name()))
            .toList();
    return new ResultAnswer(id, state, result.map(JobResult::changes).orElse(null), files);
  }
}
