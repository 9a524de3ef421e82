package dev.holdfast.gateway.http;

import dev.holdfast.gateway.blob.BlobDamaged;
import dev.holdfast.gateway.command.NotAccepted;
import dev.holdfast.gateway.log.LogUnavailable;
import dev.holdfast.gateway.view.ViewUnavailable;
import dev.holdfast.schemas.InvalidField;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns every failure into a problem answer. Nothing of ours but its wording leaves the process.
 */
final class ProblemHandler implements Handler<RoutingContext> {
  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
  private static final String RETRY_AFTER_S = "1";

  /** What it means when nothing else is known of the failure. */
  private final int otherwise;

  ProblemHandler(int otherwise) {
    this.otherwise = otherwise;
  }

  @Override
  public void handle(RoutingContext call) {
    int status = call.statusCode() < 0 ? otherwise : call.statusCode();
    Problem problem = problem(call.failure(), status, call);
    if (call.response().headWritten()) {
      call.request().connection().close();
      return;
    }
    if (problem.status() == 503) {
      call.response().putHeader("Retry-After", RETRY_AFTER_S);
    }
    if (problem.status() == 413 || problem.status() == 408) {
      call.response().putHeader("Connection", "close");
    }
    Reply.problem(call, problem);
  }

  private static Problem problem(@Nullable Throwable failure, int status, RoutingContext call) {
    return switch (failure) {
      case ProblemException known -> known.problem();
      case InvalidField invalid -> Problem.field(invalid.field(), invalid.problem());
      case NotAccepted unknown ->
          Problem.of(
              ProblemCode.KAFKA_UNAVAILABLE,
              unknown.getMessage() + ". It may have arrived: repeat it, that does no harm.");
      case ViewUnavailable view ->
          Problem.of(ProblemCode.VIEW_UNAVAILABLE, String.valueOf(view.getMessage()));
      case LogUnavailable kafka ->
          Problem.of(ProblemCode.LOG_UNAVAILABLE, String.valueOf(kafka.getMessage()));
      case BlobDamaged blob ->
          Problem.of(ProblemCode.RESULT_GONE, String.valueOf(blob.getMessage()));
      case CompletionException wrapped when wrapped.getCause() != null ->
          problem(wrapped.getCause(), status, call);
      case HttpException http when http.getCause() instanceof ValidatorException validation ->
          ContractProblems.of(validation);
      case HttpException http -> byStatus(http.getStatusCode(), call, http);
      case null -> byStatus(status, call, null);
      default -> byStatus(500, call, failure);
    };
  }

  private static Problem byStatus(int status, RoutingContext call, @Nullable Throwable failure) {
    String path = String.valueOf(call.request().path());
    return switch (status) {
      case 404 ->
          Problem.of(
              ProblemCode.ROUTE_UNKNOWN,
              "expected a path of /v1/openapi.yaml, found " + Reply.shortened(path));
      case 405 ->
          Problem.of(
              ProblemCode.METHOD_NOT_ALLOWED,
              call.request().method() + " is not known at " + Reply.shortened(path));
      case 413 ->
          Problem.of(
              ProblemCode.BODY_TOO_LARGE,
              "expected at most " + ApiServer.MOST_BODY_BYTES + " bytes; pass large input by file");
      case 500 -> {
        log.error("{} {} failed", call.request().method(), Reply.shortened(path), failure);
        yield Problem.of(ProblemCode.INTERNAL, "the gateway's log says more; it goes on serving");
      }
      default ->
          status >= 400 && status < 500
              ? Problem.of(ProblemCode.BAD_REQUEST, "the request cannot be understood")
              : Problem.of(ProblemCode.INTERNAL, "the gateway's log says more");
    };
  }
}
