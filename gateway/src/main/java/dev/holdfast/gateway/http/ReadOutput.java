package dev.holdfast.gateway.http;

import dev.holdfast.gateway.output.Extent;
import dev.holdfast.gateway.output.Hole;
import dev.holdfast.gateway.output.OutputQueries;
import dev.holdfast.gateway.view.JobDetail;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.job.JobId;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/jobs/{id}/output}: bytes as they were written, or a stream that follows them. */
final class ReadOutput implements Operation {
  private static final int MOST_HOLES = 50;

  private final Views views;
  private final Jobs jobs;
  private final Blocking blocking;
  private final EventStreams streams;
  private final News news;
  private final OutputPatience patience;

  ReadOutput(
      Views views,
      Jobs jobs,
      Blocking blocking,
      EventStreams streams,
      OutputPatience patience,
      News news) {
    this.views = views;
    this.jobs = jobs;
    this.blocking = blocking;
    this.streams = streams;
    this.patience = patience;
    this.news = news;
  }

  /**
   * What is asked for.
   *
   * @param attempt null for the newest
   */
  record Request(JobId job, OutputStreamName stream, long from, @Nullable Integer attempt) {
    static Request of(RoutingContext call) {
      String stream = Parameters.text(call, "stream").orElse("stdout");
      Integer attempt =
          Parameters.text(call, "attempt")
              .map(given -> Math.toIntExact(Parameters.parse("attempt", given)))
              .orElse(null);
      return new Request(
          Jobs.id(call),
          OutputStreamName.valueOf(stream.toUpperCase(Locale.ROOT)),
          Parameters.number(call, "from", 0L),
          attempt);
    }
  }

  @Override
  public String id() {
    return "readOutput";
  }

  @Override
  public void handle(RoutingContext call) {
    Request request = Request.of(call);
    boolean follow = Streaming.wanted(call);
    blocking
        .query(() -> target(request))
        .compose(target -> follow ? follow(call, request, target) : bytes(call, request, target))
        .onFailure(call::fail);
  }

  /** The attempt to read; empty while there is none. */
  private Optional<OutputTarget> target(Request request) {
    Optional<JobDetail> detail = jobs.detail(request.job());
    Optional<OutputTarget> target =
        detail.flatMap(known -> OutputTarget.of(known.job(), request.attempt(), request.stream()));
    if (target.isEmpty() && request.attempt() != null) {
      throw Problem.of(
              ProblemCode.ATTEMPT_UNKNOWN,
              "job " + request.job() + " has no attempt " + request.attempt())
          .about(request.job())
          .exception();
    }
    return target;
  }

  private Future<Void> follow(RoutingContext call, Request request, Optional<OutputTarget> target) {
    EventId last = EventId.read(call.request().getHeader("Last-Event-ID"), request.attempt());
    target.ifPresent(
        known -> call.response().putHeader("Holdfast-Attempt", Integer.toString(known.attempt())));
    streams.serve(
        call,
        new OutputFeed(views, request, last, patience),
        poke ->
            List.of(
                news.jobs().listen(request.job(), event -> poke.run()),
                news.output().listen(request.job(), told -> poke.run())));
    return Future.succeededFuture();
  }

  private Future<Void> bytes(RoutingContext call, Request request, Optional<OutputTarget> target) {
    if (target.isEmpty()) {
      describe(call, null, Plan.NOTHING);
      call.response().end();
      return Future.succeededFuture();
    }
    OutputTarget known = target.get();
    return patience
        .settled(call.vertx(), known)
        .compose(extent -> blocking.log(() -> begin(known, request.from(), extent)))
        .onSuccess(begun -> {
          describe(call, known, begun.plan());
          call.response().setChunked(true);
          new StreamPump(call, blocking, begun.feed()).poke();
        })
        .mapEmpty();
  }

  /** The first bytes are read before the answer begins, so that a failure is still a problem. */
  private BytesFeed.Begun begin(OutputTarget target, long from, Extent extent) {
    Plan plan = Plan.of(views.output(), target, from, extent);
    return BytesFeed.begin(views.bytes(), target.key(), from, plan);
  }

  private static void describe(RoutingContext call, @Nullable OutputTarget target, Plan plan) {
    MultiMap headers = call.response().headers();
    headers.set("Content-Type", "application/octet-stream");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cache-Control", "no-store");
    headers.set("Holdfast-Attempt", target == null ? "0" : Integer.toString(target.attempt()));
    if (target != null) {
      headers.set("Holdfast-Token", target.key().token().toString());
    }
    headers.set("Holdfast-Output-End", Long.toString(plan.end()));
    headers.set("Holdfast-Output-Complete", Boolean.toString(plan.complete()));
    if (!plan.holes().isEmpty()) {
      headers.set(
          "Holdfast-Output-Cut",
          plan.holes().stream()
              .map(hole -> hole.from() + "-" + hole.to())
              .collect(Collectors.joining(",")));
    }
  }

  /**
   * What an answer of bytes will hold, fixed before it begins.
   *
   * @param end one past the last byte of the stream that can be told now
   * @param over whether the stream has ended
   * @param complete whether it has ended and nothing of it is missing
   */
  record Plan(long end, boolean over, boolean complete, List<Hole> holes) {
    static final Plan NOTHING = new Plan(0, false, false, List.of());

    static Plan of(OutputQueries output, OutputTarget target, long from, Extent extent) {
      boolean over = target.endedAt() != null || target.superseded();
      long end = Math.max(extent.top(), target.length().orElse(0));
      if (!over && !extent.contiguous()) {
        end =
            output.holes(target.key(), 0, extent.top(), MOST_HOLES).stream()
                .filter(hole -> hole.why() == Hole.Why.MISSING)
                .mapToLong(Hole::from)
                .findFirst()
                .orElse(extent.top());
      }
      boolean complete = target.endedAt() != null && extent.covers(end);
      return new Plan(end, over, complete, output.holes(target.key(), from, end, MOST_HOLES));
    }
  }

  /**
   * Where a client that comes back has been.
   *
   * @param attempt null if nobody said
   * @param offset negative if nobody said
   */
  record EventId(@Nullable Integer attempt, long offset) {
    /** An offset alone speaks of the attempt that was asked for, else of the first. */
    static EventId read(@Nullable String header, @Nullable Integer asked) {
      if (header == null || header.isEmpty()) {
        return new EventId(null, -1);
      }
      String[] parts = header.split("@", 2);
      long offset = Parameters.parse("Last-Event-ID", parts[0]);
      if (offset < 0) {
        throw new InvalidField("Last-Event-ID", "must be the id of an event of this stream");
      }
      if (parts.length == 2) {
        return new EventId((int) Parameters.parse("Last-Event-ID", parts[1]), offset);
      }
      return new EventId(asked == null ? 1 : asked, offset);
    }

    static String of(int attempt, long offset) {
      return attempt == 1 ? Long.toString(offset) : offset + "@" + attempt;
    }
  }
}
