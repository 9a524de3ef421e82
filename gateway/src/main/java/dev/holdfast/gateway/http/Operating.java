package dev.holdfast.gateway.http;

import dev.holdfast.gateway.command.CellRequests.Asking;
import dev.holdfast.gateway.command.Decision;
import dev.holdfast.gateway.view.CellQueries;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What all requests of operators have in common: who asks, and how they are answered. */
final class Operating {
  private static final String BY = "http";

  private final CellQueries cell;
  private final Blocking blocking;

  Operating(CellQueries cell, Blocking blocking) {
    this.cell = cell;
    this.blocking = blocking;
  }

  static Asking asking(@Nullable String why) {
    return new Asking(BY, why);
  }

  /** Answers with the controls that hold now, once the coordinator has decided. */
  void answer(RoutingContext call, CompletableFuture<Decision> asked) {
    Future.fromCompletionStage(asked, call.vertx().getOrCreateContext())
        .compose(this::answer)
        .onSuccess(answer -> Reply.json(call, 200, answer))
        .onFailure(call::fail);
  }

  private Future<Map<String, Object>> answer(Decision decision) {
    return switch (decision) {
      case Decision.Refused refused -> Future.failedFuture(Refusals.of(refused));
      case Decision.Done done ->
          blocking.query(() -> Map.of("controls", ControlAnswer.all(cell.controls())));
      case Decision.Pending pending ->
          Future.failedFuture(
              Problem.of(
                      ProblemCode.NOT_DECIDED_YET,
                      "the request is handed over; ask again to see what came of it")
                  .exception());
    };
  }
}
