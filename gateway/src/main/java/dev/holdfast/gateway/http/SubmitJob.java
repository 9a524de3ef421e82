package dev.holdfast.gateway.http;

import static java.util.Objects.requireNonNull;

import dev.holdfast.gateway.command.Decision;
import dev.holdfast.gateway.command.NotAccepted;
import dev.holdfast.gateway.command.Submissions;
import dev.holdfast.schemas.job.JobId;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;

/** {@code POST /v1/jobs}. */
final class SubmitJob implements Operation {
  private static final int RANDOM_BYTES = 10;

  private final Submissions submissions;
  private final Jobs jobs;
  private final Blocking blocking;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  SubmitJob(Submissions submissions, Jobs jobs, Blocking blocking, InstantSource clock) {
    this.submissions = submissions;
    this.jobs = jobs;
    this.blocking = blocking;
    this.clock = clock;
  }

  @Override
  public String id() {
    return "submitJob";
  }

  @Override
  public void handle(RoutingContext call) {
    Instant now = clock.instant();
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    Submission submission =
        Submission.read(
            requireNonNull(call.body().buffer(), "the contract requires a body").getBytes(),
            call.request().getHeader("Idempotency-Key"),
            now,
            bytes);
    JobId id = submission.id();
    Future.fromCompletionStage(
            submissions.submit(id, submission.spec()), call.vertx().getOrCreateContext())
        .recover(failure -> Future.failedFuture(named(failure, id)))
        .compose(decision -> answer(decision, submission, now))
        .onSuccess(answer -> {
          call.response().putHeader("Location", "/v1/jobs/" + id);
          Reply.json(call, 202, answer);
        })
        .onFailure(call::fail);
  }

  private Future<JobAnswer> answer(Decision decision, Submission submission, Instant now) {
    JobId id = submission.id();
    return switch (decision) {
      case Decision.Refused refused -> Future.failedFuture(Refusals.of(refused, id));
      case Decision.Pending pending ->
          Future.succeededFuture(JobAnswer.submitted(id, submission.spec(), now));
      case Decision.Done done -> blocking.query(() -> jobs.answer(id));
    };
  }

  /** A client that let us choose the id needs it to ask again for the same job. */
  private static Throwable named(Throwable failure, JobId id) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof NotAccepted unknown
        ? Problem.of(
                ProblemCode.KAFKA_UNAVAILABLE,
                unknown.getMessage()
                    + ". It may have arrived: repeat it with the same Idempotency-Key, or with"
                    + " \"id\": \""
                    + id
                    + "\", and there will be one job.")
            .about(id)
            .exception()
        : cause;
  }
}
