package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.Order.Assigned;
import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.worker.handler.JobContext;
import dev.holdfast.worker.output.CapturedOutput;
import dev.holdfast.worker.output.OutputLog;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What one attempt's handler sees. Its streams are made when they are first asked for. */
final class HandlerContext implements JobContext {
  private static final int CAPTURED_BYTES = 1024 * 1024;

  private final Assigned assigned;
  private final BooleanSupplier cancelled;
  private @Nullable Captured stdout;
  private @Nullable Captured stderr;

  HandlerContext(Assigned assigned, BooleanSupplier cancelled) {
    this.assigned = assigned;
    this.cancelled = cancelled;
  }

  private record Captured(CapturedOutput bytes, PrintStream stream) {
    static Captured create() {
      var bytes = new CapturedOutput(CAPTURED_BYTES);
      return new Captured(bytes, new PrintStream(bytes, false, StandardCharsets.UTF_8));
    }
  }

  @Override
  public JobId job() {
    return assigned.job();
  }

  @Override
  public int attempt() {
    return assigned.attempt();
  }

  @Override
  public Token token() {
    return assigned.token();
  }

  @Override
  public JobSpec spec() {
    return assigned.spec();
  }

  @Override
  public synchronized PrintStream stdout() {
    Captured captured = stdout == null ? Captured.create() : stdout;
    stdout = captured;
    return captured.stream();
  }

  @Override
  public synchronized PrintStream stderr() {
    Captured captured = stderr == null ? Captured.create() : stderr;
    stderr = captured;
    return captured.stream();
  }

  @Override
  public boolean cancelled() {
    return cancelled.getAsBoolean();
  }

  /** Publishes what was printed, if anything, and answers how much that was once it is safe. */
  synchronized CompletableFuture<OutputTotals> publish(OutputLog log) {
    var chunks = new ArrayList<OutputChunk>();
    if (stdout != null) {
      stdout.stream().flush();
      chunks.addAll(stdout.bytes().chunks(token(), OutputStreamName.STDOUT));
    }
    if (stderr != null) {
      stderr.stream().flush();
      chunks.addAll(stderr.bytes().chunks(token(), OutputStreamName.STDERR));
    }
    OutputTotals totals =
        stdout == null && stderr == null
            ? OutputTotals.NONE
            : new OutputTotals(
                stdout == null ? OutputTotals.NONE.stdout() : stdout.bytes().total(),
                stderr == null ? OutputTotals.NONE.stderr() : stderr.bytes().total());
    return CompletableFuture.allOf(
            chunks.stream()
                .map(chunk -> log.append(job(), chunk))
                .toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> totals);
  }
}
