package dev.holdfast.gateway.http;

import dev.holdfast.schemas.job.JobId;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/jobs/{id}}. */
final class ShowJob implements Operation {
  private final Jobs jobs;
  private final Blocking blocking;

  ShowJob(Jobs jobs, Blocking blocking) {
    this.jobs = jobs;
    this.blocking = blocking;
  }

  @Override
  public String id() {
    return "showJob";
  }

  @Override
  public void handle(RoutingContext call) {
    JobId id = Jobs.id(call);
    blocking
        .query(() -> jobs.answer(id))
        .onSuccess(answer -> Reply.json(call, 200, answer))
        .onFailure(call::fail);
  }
}
