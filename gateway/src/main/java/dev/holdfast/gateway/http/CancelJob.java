package dev.holdfast.gateway.http;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.holdfast.gateway.command.Decision;
import dev.holdfast.gateway.command.Submissions;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.codec.Json;
import dev.holdfast.schemas.job.JobId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/jobs/{id}/cancel}. */
final class CancelJob implements Operation {
  private static final ObjectReader READER = Json.strictReaderFor(Body.class);
  private static final int MOST_WHY = 1_000;

  private final Submissions submissions;
  private final Jobs jobs;
  private final Blocking blocking;

  CancelJob(Submissions submissions, Jobs jobs, Blocking blocking) {
    this.submissions = submissions;
    this.jobs = jobs;
    this.blocking = blocking;
  }

  /**
   * What may be said.
   *
   * @param why shown in the job's history
   */
  record Body(@Nullable String why) {
    Body {
      if (why != null
          && (why.length() > MOST_WHY || why.chars().anyMatch(Character::isISOControl))) {
        throw new InvalidField(
            "why", "must be at most " + MOST_WHY + " characters, none of them control characters");
      }
    }
  }

  @Override
  public String id() {
    return "cancelJob";
  }

  @Override
  public void handle(RoutingContext call) {
    JobId id = Jobs.id(call);
    Buffer body = call.body().buffer();
    String why =
        body == null || body.length() == 0 ? null : Json.<Body>read(READER, body.getBytes()).why();
    Future.fromCompletionStage(
            submissions.cancel(id, why == null ? "" : why), call.vertx().getOrCreateContext())
        .compose(decision -> answer(decision, id))
        .onSuccess(answer -> Reply.json(call, 202, answer))
        .onFailure(call::fail);
  }

  private Future<JobAnswer> answer(Decision decision, JobId id) {
    return switch (decision) {
      case Decision.Refused refused -> Future.failedFuture(Refusals.of(refused, id));
      case Decision.Done done -> blocking.query(() -> jobs.answer(id));
      case Decision.Pending pending ->
          blocking.query(() -> jobs.answer(id)).recover(failure -> undecided(failure, id));
    };
  }

  /** Kafka has the cancel, and nobody here knows the job: whether it exists is not ours to say. */
  private static Future<JobAnswer> undecided(Throwable failure, JobId id) {
    return Future.failedFuture(
        failure instanceof ProblemException
            ? Problem.of(
                    ProblemCode.NOT_DECIDED_YET,
                    "the cancel of job " + id + " is handed over; ask again to see what came of it")
                .about(id)
                .exception()
            : failure);
  }
}
