package dev.holdfast.gateway.http;

import dev.holdfast.gateway.progress.ProgressBoard;
import dev.holdfast.gateway.view.JobDetail;
import dev.holdfast.gateway.view.JobQueries;
import dev.holdfast.gateway.view.JobView;
import dev.holdfast.gateway.view.LoggedEvent;
import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.schemas.job.JobId;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code GET /v1/jobs/{id}/events}: all there are, or a stream of them until the job has ended. */
final class ListJobEvents implements Operation {
  private static final int USUAL = 500;
  private static final int AT_ONCE = 100;

  private final Jobs jobs;
  private final JobQueries view;
  private final ProgressBoard progress;
  private final Blocking blocking;
  private final EventStreams streams;
  private final News news;

  ListJobEvents(Views views, Jobs jobs, Blocking blocking, EventStreams streams, News news) {
    this.jobs = jobs;
    this.view = views.jobs();
    this.progress = views.progress();
    this.blocking = blocking;
    this.streams = streams;
    this.news = news;
  }

  @Override
  public String id() {
    return "listJobEvents";
  }

  @Override
  public void handle(RoutingContext call) {
    JobId id = Jobs.id(call);
    long after =
        Optional.ofNullable(call.request().getHeader("Last-Event-ID"))
            .map(given -> Parameters.parse("Last-Event-ID", given))
            .orElseGet(() -> Parameters.number(call, "after", -1L));
    boolean follow = Streaming.wanted(call);
    int limit = Parameters.number(call, "limit", USUAL);
    blocking
        .query(() -> jobs.detail(id))
        .compose(known -> blocking.query(() -> view.events(id, after, limit + 1)))
        .onSuccess(events -> {
          if (follow) {
            streams.serve(
                call,
                new EventFeed(id, after),
                poke ->
                    List.of(
                        news.jobs().listen(id, event -> poke.run()),
                        news.progress().listen(id, told -> poke.run())));
          } else {
            Reply.json(call, 200, page(events, limit));
          }
        })
        .onFailure(call::fail);
  }

  private static Map<String, Object> page(List<LoggedEvent> events, int limit) {
    var answer = new HashMap<String, Object>();
    answer.put("events", events.stream().limit(limit).toList());
    if (events.size() > limit) {
      answer.put("next", events.get(limit - 1).offset());
    }
    return answer;
  }

  private final class EventFeed implements Feed {
    private final JobId id;
    private long after;
    private Optional<Progress> told = Optional.empty();

    EventFeed(JobId id, long after) {
      this.id = id;
      this.after = after;
    }

    @Override
    public Batch next() {
      Optional<JobView> job = jobs.find(id).map(JobDetail::job);
      boolean ended = job.map(found -> found.state().terminal()).orElse(false);
      List<LoggedEvent> events = view.events(id, after, AT_ONCE);
      Buffer buffer = Buffer.buffer();
      for (LoggedEvent event : events) {
        new ServerEvent(Long.toString(event.offset()), null, event.event()).appendTo(buffer);
        after = event.offset();
      }
      tell(job.flatMap(found -> JobAnswer.progress(found, progress)), buffer);
      if (ended && events.size() < AT_ONCE) {
        new ServerEvent(null, "end", Map.of("job", id)).appendTo(buffer);
        return Batch.last(buffer);
      }
      return Batch.of(buffer);
    }

    /** Without an id: a client that comes back is told anew. */
    private void tell(Optional<Progress> now, Buffer buffer) {
      if (now.isPresent() && !now.equals(told)) {
        new ServerEvent(null, "progress", now.get()).appendTo(buffer);
        told = now;
      }
    }
  }
}
