package dev.holdfast.gateway.http;

import dev.holdfast.gateway.output.OutputReader.Piece;
import dev.holdfast.gateway.view.JobView;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows one stream of a job as server-sent events: {@code attempt} when the output of another
 * attempt begins, plain messages with bytes, {@code cut} where bytes cannot be had, {@code end}.
 */
final class OutputFeed implements Feed {
  private final Views views;
  private final ReadOutput.Request request;
  private final OutputPatience patience;
  private final ReadOutput.EventId last;
  private @Nullable OutputTarget current;
  private long reached;
  private @Nullable Instant waitingSince;

  OutputFeed(
      Views views, ReadOutput.Request request, ReadOutput.EventId last, OutputPatience patience) {
    this.views = views;
    this.request = request;
    this.last = last;
    this.patience = patience;
  }

  @Override
  public Batch next() {
    Optional<JobView> found = views.jobs().find(request.job()).map(detail -> detail.job());
    if (found.isEmpty()) {
      return Batch.dry();
    }
    JobView job = found.get();
    Optional<OutputTarget> target = OutputTarget.of(job, request.attempt(), request.stream());
    if (target.isEmpty()) {
      return job.state().terminal() ? end(job, 0) : Batch.dry();
    }
    Buffer buffer = Buffer.buffer();
    OutputTarget now = target.get();
    if (current == null || !current.key().equals(now.key())) {
      begin(now, buffer);
    }
    current = now;
    List<Piece> pieces = views.bytes().next(now.key(), reached, Long.MAX_VALUE, false);
    if (pieces.isEmpty() && buffer.length() == 0) {
      return quiet(job, now);
    }
    waitingSince = null;
    append(now, pieces, buffer);
    return Batch.of(buffer);
  }

  /** The first attempt goes on where the client was, if that was this attempt. */
  private void begin(OutputTarget target, Buffer buffer) {
    boolean first = current == null;
    Integer known = last.attempt();
    boolean resumed = first && known != null && known == target.attempt();
    reached = resumed ? last.offset() : first && known == null ? request.from() : 0;
    new ServerEvent(
            ReadOutput.EventId.of(target.attempt(), reached),
            "attempt",
            Map.of("attempt", target.attempt(), "token", target.key().token()))
        .appendTo(buffer);
  }

  /** Nothing can be read now: is it over, will more come, or is the rest lost? */
  private Batch quiet(JobView job, OutputTarget target) {
    Instant endedAt = target.endedAt();
    if (endedAt == null) {
      return nobodyGoesOn(job, target) ? rest(job, target, known(target)) : Batch.dry();
    }
    long total = target.length().orElse(reached);
    Instant now = patience.now();
    waitingSince = waitingSince == null ? now : waitingSince;
    boolean mayCome = Duration.between(waitingSince, now).compareTo(patience.atMost(endedAt)) < 0;
    return reached < total && mayCome ? Batch.later() : rest(job, target, total);
  }

  /**
   * An attempt without an outcome is the last word when it was asked for and has lost its lease, or
   * when its job ended without any further one: cancelled while it waited to be tried again.
   */
  private boolean nobodyGoesOn(JobView job, OutputTarget target) {
    return job.state().terminal() || (target.superseded() && request.attempt() != null);
  }

  /** How far the stream is known to go; nobody counted one that has no outcome. */
  private long known(OutputTarget target) {
    return Math.max(reached, views.output().extent(target.key()).top());
  }

  /** What there is up to the end of the stream, holes told as such, and then the end. */
  private Batch rest(JobView job, OutputTarget target, long total) {
    if (reached >= total) {
      return end(job, total);
    }
    Buffer buffer = Buffer.buffer();
    append(target, views.bytes().next(target.key(), reached, total, true), buffer);
    return Batch.of(buffer);
  }

  private void append(OutputTarget target, List<Piece> pieces, Buffer buffer) {
    for (Piece piece : pieces) {
      reached = piece.end();
      String id = ReadOutput.EventId.of(target.attempt(), reached);
      switch (piece) {
        case Piece.Content content ->
            new ServerEvent(id, null, new Bytes(content.start(), content.bytes())).appendTo(buffer);
        case Piece.Missing missing ->
            new ServerEvent(
                    id,
                    "cut",
                    new Cut(
                        missing.hole().from(),
                        missing.hole().to(),
                        missing.hole().why().name().toLowerCase(Locale.ROOT)))
                .appendTo(buffer);
      }
    }
  }

  private static Batch end(JobView job, long bytes) {
    var data = new HashMap<String, Object>();
    data.put("state", job.state());
    data.put("bytes", bytes);
    JobView.End end = job.end();
    if (end != null && end.exitCode() != null) {
      data.put("exitCode", end.exitCode());
    }
    Buffer buffer = Buffer.buffer();
    new ServerEvent(null, "end", data).appendTo(buffer);
    return Batch.last(buffer);
  }

  /** Data of a plain message; bytes are base64 in JSON. */
  record Bytes(long offset, byte[] bytes) {}

  /** Data of a cut. */
  record Cut(long from, long to, String why) {}
}
