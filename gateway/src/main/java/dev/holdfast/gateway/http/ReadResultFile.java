package dev.holdfast.gateway.http;

import static java.util.Objects.requireNonNull;

import dev.holdfast.gateway.blob.BlobLog;
import dev.holdfast.gateway.blob.BlobReader;
import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.job.JobId;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** {@code GET /v1/jobs/{id}/result/{name}}: the bytes, whole or not at all. */
final class ReadResultFile implements Operation {
  private final Jobs jobs;
  private final BlobLog blobs;
  private final Blocking blocking;

  ReadResultFile(Jobs jobs, BlobLog blobs, Blocking blocking) {
    this.jobs = jobs;
    this.blobs = blobs;
    this.blocking = blocking;
  }

  @Override
  public String id() {
    return "readResultFile";
  }

  @Override
  public void handle(RoutingContext call) {
    JobId id = Jobs.id(call);
    String name = requireNonNull(call.pathParam("name"));
    blocking
        .query(() -> file(id, name))
        .compose(file -> blocking.log(() -> Opened.of(blobs, file)))
        .onSuccess(opened -> serve(call, opened))
        .onFailure(call::fail);
  }

  private BlobRef file(JobId id, String name) {
    List<BlobRef> files =
        ShowResult.result(jobs.detail(id)).map(JobResult::files).orElse(List.of());
    Optional<BlobRef> file = files.stream().filter(f -> f.name().equals(name)).findFirst();
    return file.orElseThrow(() ->
        Problem.of(
                ProblemCode.RESULT_UNKNOWN,
                "expected one of "
                    + files.stream().map(BlobRef::name).toList()
                    + ", found "
                    + Reply.shortened(name))
            .about(id)
            .exception());
  }

  private void serve(RoutingContext call, Opened opened) {
    BlobRef file = opened.file();
    call.response()
        .putHeader("Content-Type", file.mediaType())
        .putHeader("Content-Length", Long.toString(file.bytes()))
        .putHeader("Content-Disposition", "attachment; filename=\"" + file.name() + "\"")
        .putHeader("ETag", "\"" + file.sha256() + "\"")
        .putHeader("X-Content-Type-Options", "nosniff");
    new StreamPump(call, blocking, opened).poke();
  }

  /**
   * The first chunk is read before the answer begins, so that a missing file is still a problem.
   */
  private static final class Opened implements Feed {
    private final BlobRef file;
    private final BlobReader reader;
    private byte[] ready;

    private Opened(BlobRef file, BlobReader reader, byte[] ready) {
      this.file = file;
      this.reader = reader;
      this.ready = ready;
    }

    static Opened of(BlobLog blobs, BlobRef file) {
      var reader = new BlobReader(blobs, file);
      return new Opened(file, reader, reader.done() ? new byte[0] : reader.next());
    }

    BlobRef file() {
      return file;
    }

    @Override
    public Batch next() {
      Buffer piece = Buffer.buffer(ready);
      if (reader.done()) {
        return Batch.last(piece);
      }
      ready = reader.next();
      return Batch.of(piece);
    }
  }
}
