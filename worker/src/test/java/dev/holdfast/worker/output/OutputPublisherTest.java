package dev.holdfast.worker.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.worker.redact.Mask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputPublisherTest {
  private static final JobId JOB = new JobId("job-1");
  private static final OutputLimit LIMIT = new OutputLimit(1 << 20, 100, 1000);

  @TempDir Path directory;
  private final AtomicReference<Published> kept = new AtomicReference<>(Published.NOTHING);

  private OutputPublisher publisher(OutputLog log, Published start) {
    var source = new OutputPublisher.Source(JOB, new Token(1), directory, () -> Mask.NONE);
    var publisher = new OutputPublisher(source, LIMIT, log, start, kept::set);
    Thread.startVirtualThread(publisher);
    return publisher;
  }

  private void append(String stream, byte[] bytes) throws IOException {
    Files.write(
        directory.resolve(stream), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static byte[] random(long seed, int length) {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void publishesWhileTheJobPrints() throws Exception {
    var reader = new Reader();
    var publisher = publisher(reader, Published.NOTHING);

    append("stdout", "hello".getBytes(UTF_8));

    await().untilAsserted(() -> assertThat(reader.bytes()).asString().isEqualTo("hello"));
    assertThat(publisher.done()).isNotDone();
    publisher.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyByteArrivesThoughTheLogFailsAtRandom(long seed) throws Exception {
    var reader = new Reader();
    var random = new Random(seed);
    OutputLog flaky =
        (job, chunk) -> {
          synchronized (random) {
            int luck = random.nextInt(10);
            if (luck == 0) {
              // Written, but nobody can be sure.
              reader.append(job, chunk);
            }
            return luck < 2
                ? CompletableFuture.failedFuture(new IOException("seed " + seed))
                : reader.append(job, chunk);
          }
        };
    byte[] all = random(seed, 30_000);
    var publisher = publisher(flaky, Published.NOTHING);

    for (int from = 0; from < all.length; from += 3000) {
      append("stdout", Arrays.copyOfRange(all, from, from + 3000));
    }
    publisher.ended();

    await().until(() -> publisher.done().isDone());
    assertThat(reader.bytes()).as("seed %d", seed).isEqualTo(all);
    assertThat(publisher.done().join()).isEqualTo(new Published(all.length, 0));
    assertThat(kept.get()).isEqualTo(new Published(all.length, 0));
  }

  @Test
  void goesOnFromWhereAnEarlierOneWasAcknowledged() throws Exception {
    var reader = new Reader();
    byte[] all = random(7, 5000);
    append("stdout", all);
    reader.append(
        JOB,
        new OutputChunk.Bytes(new Token(1), OutputStreamName.STDOUT, 0, Arrays.copyOf(all, 2500)));

    var publisher = publisher(reader, new Published(2000, 0));
    publisher.ended();

    await().until(() -> publisher.done().isDone());
    assertThat(reader.bytes()).isEqualTo(all);
  }

  @Test
  void holdsBackWhenTheLogIsSlow() throws Exception {
    var open = new CopyOnWriteArrayList<CompletableFuture<Void>>();
    var handedOver = new AtomicInteger();
    OutputLog slow =
        (job, chunk) -> {
          handedOver.addAndGet((int) (chunk.end() - chunk.offset()));
          var landed = new CompletableFuture<Void>();
          open.add(landed);
          return landed;
        };
    append("stdout", new byte[(1 << 20) + 500_000]);
    append("stderr", new byte[1 << 20]);
    var publisher = publisher(slow, Published.NOTHING);

    await().until(() -> handedOver.get() > 1_000_000);
    assertThat(handedOver.get()).isLessThanOrEqualTo(1 << 20);

    publisher.close();
    open.forEach(landed -> landed.complete(null));
  }

  @Test
  void cutsTheMiddleOfALongStream() throws Exception {
    var reader = new Reader();
    byte[] all = random(3, (1 << 20) + 5000);
    append("stderr", all);
    var publisher = publisher(reader, Published.NOTHING);
    publisher.ended();

    await().until(() -> publisher.done().isDone());
    assertThat(reader.cuts)
        .containsExactly(
            new OutputChunk.Cut(new Token(1), OutputStreamName.STDERR, 1 << 20, all.length - 100));
    assertThat(reader.bytes()).hasSize((1 << 20) + 100);
    assertThat(reader.bytes()).endsWith(Arrays.copyOfRange(all, all.length - 100, all.length));
  }

  /** A reader of the output topic: drops what it has, and refuses gaps. */
  private static final class Reader implements OutputLog {
    private final java.io.ByteArrayOutputStream kept = new java.io.ByteArrayOutputStream();
    private final CopyOnWriteArrayList<OutputChunk.Cut> cuts = new CopyOnWriteArrayList<>();
    private long position;

    @Override
    public synchronized CompletableFuture<Void> append(JobId job, OutputChunk chunk) {
      if (chunk.offset() > position) {
        // What was not acknowledged comes again; a reader would wait for it.
        return CompletableFuture.failedFuture(new IOException("a gap before " + chunk.offset()));
      }
      switch (chunk) {
        case OutputChunk.Bytes(var token, var stream, long offset, byte[] bytes) -> {
          int known = (int) Math.min(bytes.length, position - offset);
          kept.write(bytes, known, bytes.length - known);
        }
        case OutputChunk.Cut cut -> cuts.add(cut);
      }
      position = Math.max(position, chunk.end());
      return CompletableFuture.completedFuture(null);
    }

    synchronized byte[] bytes() {
      return kept.toByteArray();
    }
  }
}
