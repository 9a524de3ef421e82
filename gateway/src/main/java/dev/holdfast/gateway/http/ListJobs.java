package dev.holdfast.gateway.http;

import dev.holdfast.gateway.command.Accepted;
import dev.holdfast.gateway.fleet.Fleet;
import dev.holdfast.gateway.progress.ProgressBoard;
import dev.holdfast.gateway.view.JobDetail;
import dev.holdfast.gateway.view.JobFilter;
import dev.holdfast.gateway.view.JobPage;
import dev.holdfast.gateway.view.JobQueries;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.job.JobState;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code GET /v1/jobs}, newest first. */
final class ListJobs implements Operation {
  private static final int USUAL = 50;

  private final JobQueries view;
  private final Accepted accepted;
  private final ProgressBoard progress;
  private final Fleet fleet;
  private final Blocking blocking;

  ListJobs(Views views, Blocking blocking) {
    this.view = views.jobs();
    this.accepted = views.accepted();
    this.progress = views.progress();
    this.fleet = views.fleet();
    this.blocking = blocking;
  }

  @Override
  public String id() {
    return "listJobs";
  }

  @Override
  public void handle(RoutingContext call) {
    Query query = Query.of(call);
    blocking
        .query(() -> answer(query))
        .onSuccess(answer -> Reply.json(call, 200, answer))
        .onFailure(call::fail);
  }

  /** Submissions that the view does not show yet are the newest of all. */
  private Map<String, Object> answer(Query query) {
    var jobs = new ArrayList<JobAnswer>();
    if (query.first() && query.wants(JobState.SUBMITTED)) {
      accepted.newest(query.limit()).stream()
          .filter(waiting -> query.matches(waiting.spec().labels()))
          .filter(waiting -> view.find(waiting.id()).isEmpty())
          .map(JobAnswer::of)
          .forEach(jobs::add);
    }
    JobPage page = view.list(query.filter(), query.limit() - jobs.size());
    page.jobs().stream().map(job -> JobAnswer.of(job, progress, fleet)).forEach(jobs::add);
    var answer = new HashMap<String, Object>();
    answer.put("jobs", jobs);
    if (page.more()) {
      answer.put("next", Cursor.after(last(page, query)));
    }
    return answer;
  }

  private static long last(JobPage page, Query query) {
    List<JobDetail> jobs = page.jobs();
    return jobs.isEmpty() ? query.filter().before() - 1 : jobs.getLast().job().sequence();
  }

  private record Query(JobFilter filter, int limit) {
    static Query of(RoutingContext call) {
      var states = new HashSet<JobState>();
      for (String given : call.queryParam("status")) {
        Arrays.stream(given.split(",")).map(Query::state).forEach(states::add);
      }
      var labels = new HashMap<String, String>();
      for (String given : call.queryParam("label")) {
        int equals = given.indexOf('=');
        if (equals < 1) {
          throw new InvalidField("label", "must be name=value, not " + Reply.shortened(given));
        }
        labels.put(given.substring(0, equals), given.substring(equals + 1));
      }
      long before = Parameters.text(call, "after").map(Cursor::read).orElse(Long.MAX_VALUE);
      return new Query(
          new JobFilter(states, labels, before), Parameters.number(call, "limit", USUAL));
    }

    private static JobState state(String given) {
      try {
        return JobState.valueOf(given.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
      } catch (IllegalArgumentException e) {
        throw new InvalidField(
            "status",
            "must be of " + Set.of(JobState.values()) + ", not " + Reply.shortened(given));
      }
    }

    boolean first() {
      return filter.before() == Long.MAX_VALUE;
    }

    boolean wants(JobState state) {
      return filter.states().isEmpty() || filter.states().contains(state);
    }

    boolean matches(Map<String, String> labels) {
      return labels.entrySet().containsAll(filter.labels().entrySet());
    }
  }
}
