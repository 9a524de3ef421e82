package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord.Heartbeat;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.worker.output.BlobStore;
import dev.holdfast.worker.output.OutputLog;
import dev.holdfast.worker.output.StreamDigest;
import dev.holdfast.worker.report.Announcements;
import dev.holdfast.worker.report.Beats;
import dev.holdfast.worker.report.Reports;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The cell as a worker sees it, in memory: takes all that a worker writes, and answers reports as
 * the coordinator would. An attempt is current unless a test says otherwise.
 */
final class InMemoryCell
    implements Reports, Beats, Announcements, OutputLog, BlobStore, AutoCloseable {
  final List<WorkerReport> reports = new CopyOnWriteArrayList<>();
  final List<Heartbeat> beats = new CopyOnWriteArrayList<>();
  final List<Long> beatTimes = new CopyOnWriteArrayList<>();
  final List<Presence> presences = new CopyOnWriteArrayList<>();
  final List<OutputChunk.Cut> cuts = new CopyOnWriteArrayList<>();
  final Map<HeldAttempt, Order.Standing> standings = new ConcurrentHashMap<>();
  private final Map<String, ByteArrayOutputStream> output = new ConcurrentHashMap<>();
  final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final ExecutorService orderThread = Executors.newSingleThreadExecutor();
  private volatile Consumer<Order> worker = order -> {};
  volatile boolean reachable = true;
  volatile boolean accepting = true;
  volatile boolean answeringHandshakes = true;

  /** Orders go to this worker from now on. */
  void connect(Consumer<Order> carryOut) {
    worker = carryOut;
  }

  void order(Order order) {
    orderThread.execute(() -> worker.accept(order));
  }

  @Override
  public CompletableFuture<Void> send(WorkerReport report) {
    if (!reachable) {
      return unreachable();
    }
    reports.add(report);
    answer(report);
    return CompletableFuture.completedFuture(null);
  }

  private void answer(WorkerReport report) {
    switch (report) {
      case WorkerReport.WorkerStarted started -> {
        if (answeringHandshakes) {
          order(
              new Order.Reconciled(
                  started.worker(),
                  started.incarnation(),
                  started.held().stream()
                      .map(held -> new Order.Verdict(held.job(), held.token(), standing(held)))
                      .toList()));
        }
      }
      case WorkerReport.Ended ended -> settle(ended);
      case WorkerReport.Lost lost -> settle(lost);
      case WorkerReport.Renew renew -> {
        if (standing(new HeldAttempt(renew.job(), renew.token())) == Order.Standing.CURRENT) {
          order(new Order.Renewed(renew.worker(), renew.job(), renew.token(), renew.request()));
        }
      }
      case WorkerReport.Taken taken -> {}
      case WorkerReport.PhaseEntered entered -> {}
      case WorkerReport.FileKept kept -> {}
      case WorkerReport.Adopted adopted -> {}
      case WorkerReport.Released released -> {}
    }
  }

  private void settle(WorkerReport.OfAttempt report) {
    if (accepting) {
      order(
          standing(new HeldAttempt(report.job(), report.token())) == Order.Standing.SUPERSEDED
              ? new Order.Stop(
                  report.worker(), report.job(), report.token(), Order.StopReason.SUPERSEDED)
              : new Order.Clean(report.worker(), report.job(), report.token()));
    }
  }

  private Order.Standing standing(HeldAttempt attempt) {
    return standings.getOrDefault(attempt, Order.Standing.CURRENT);
  }

  @Override
  public CompletableFuture<Void> send(JobId job, Heartbeat heartbeat) {
    if (!reachable) {
      return unreachable();
    }
    beats.add(heartbeat);
    beatTimes.add(System.nanoTime() / 1_000_000);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> send(Presence presence) {
    presences.add(presence);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> append(JobId job, OutputChunk chunk) {
    if (!reachable) {
      return unreachable();
    }
    switch (chunk) {
      case OutputChunk.Bytes bytes -> keep(job, bytes);
      case OutputChunk.Cut cut -> cuts.add(cut);
    }
    return CompletableFuture.completedFuture(null);
  }

  /** As every reader of the output topic: what it has already is dropped, a gap is an error. */
  private void keep(JobId job, OutputChunk.Bytes bytes) {
    var kept = output.computeIfAbsent(key(job, bytes.stream()), k -> new ByteArrayOutputStream());
    synchronized (kept) {
      long cut =
          cuts.stream()
              .filter(c -> c.stream() == bytes.stream())
              .mapToLong(c -> c.end() - c.offset())
              .sum();
      long end = kept.size() + cut;
      if (bytes.offset() > end) {
        throw new AssertionError("gap in output: have " + end + ", got " + bytes.offset());
      }
      int known = (int) Math.min(bytes.bytes().length, end - bytes.offset());
      kept.write(bytes.bytes(), known, bytes.bytes().length - known);
    }
  }

  @Override
  public BlobRef store(String name, String mediaType, Path file) throws IOException {
    StreamDigest digest = StreamDigest.of(file);
    blobs.put(digest.sha256(), Files.readAllBytes(file));
    return new BlobRef(name, mediaType, digest.sha256(), digest.bytes(), 1, 0, 0);
  }

  @Override
  public void fetch(BlobRef blob, Path target) throws IOException {
    byte[] kept = blobs.get(blob.sha256());
    if (kept == null) {
      throw new IOException("no such blob: " + blob);
    }
    Files.write(target, kept);
  }

  /** All that was kept of a stream. */
  byte[] output(JobId job, OutputStreamName stream) {
    var kept = output.get(key(job, stream));
    return kept == null ? new byte[0] : kept.toByteArray();
  }

  <T extends WorkerReport> List<T> reports(Class<T> type) {
    return reports.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static String key(JobId job, OutputStreamName stream) {
    return job + "/" + stream;
  }

  private static CompletableFuture<Void> unreachable() {
    return CompletableFuture.failedFuture(new IOException("the cell is not reachable"));
  }

  @Override
  public void close() {
    orderThread.shutdownNow();
  }
}
