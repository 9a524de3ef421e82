package dev.holdfast.gateway.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.Logged;
import dev.holdfast.gateway.log.Subscribers;
import dev.holdfast.gateway.output.OutputReader.Piece;
import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputViewTest {
  private static final Token TOKEN = new Token(7);
  private static final StreamKey KEY =
      new StreamKey(new JobId("j"), TOKEN, OutputStreamName.STDOUT);

  @TempDir Path directory;
  private final MemoryChunkLog chunks = new MemoryChunkLog();
  private OutputView view;
  private Logged log;
  private OutputReader reader;

  @BeforeEach
  void open() {
    view =
        OutputView.open(
            directory.resolve("output.db"), new RecentChunks(chunks, 0), new Subscribers<>());
    log = new Logged(view);
    reader = new OutputReader(view.queries(), chunks);
  }

  @AfterEach
  void close() {
    view.close();
  }

  private void bytes(long offset, String text) {
    bytes(TOKEN, offset, text);
  }

  private void bytes(Token token, long offset, String text) {
    log.tell(
        chunks.add(
            "j",
            new OutputChunk.Bytes(token, OutputStreamName.STDOUT, offset, text.getBytes(UTF_8))));
  }

  private void cut(long from, long to) {
    log.tell(chunks.add("j", new OutputChunk.Cut(TOKEN, OutputStreamName.STDOUT, from, to)));
  }

  private String read(long from, long upTo, boolean over) {
    return read(KEY, from, upTo, over);
  }

  /** Holes in brackets. */
  private String read(StreamKey key, long from, long upTo, boolean over) {
    var text = new StringBuilder();
    long reached = from;
    while (true) {
      List<Piece> pieces = reader.next(key, reached, upTo, over);
      if (pieces.isEmpty()) {
        return text.toString();
      }
      for (Piece piece : pieces) {
        text.append(
            switch (piece) {
              case Piece.Content content -> new String(content.bytes(), UTF_8);
              case Piece.Missing missing ->
                  "["
                      + missing.hole().why()
                      + " "
                      + missing.hole().from()
                      + "-"
                      + missing.hole().to()
                      + "]";
            });
        reached = piece.end();
      }
    }
  }

  @Test
  void joinsChunksByOffset() {
    bytes(0, "hello ");
    bytes(6, "world");

    assertThat(read(0, 100, false)).isEqualTo("hello world");
    assertThat(read(3, 8, false)).isEqualTo("lo wo");
    assertThat(read(11, 100, false)).isEmpty();
    assertThat(view.queries().extent(KEY)).isEqualTo(new Extent(11, 11));
  }

  @Test
  void dropsWhatItHas() {
    bytes(0, "hello ");
    bytes(0, "hello ");
    bytes(3, "lo wo");
    bytes(2, "llo world");

    assertThat(read(0, 100, false)).isEqualTo("hello world");
    assertThat(view.queries().extent(KEY)).isEqualTo(new Extent(11, 11));
  }

  @Test
  void neverJoinsOverAGap() {
    bytes(0, "abc");
    bytes(6, "ghi");

    assertThat(read(0, 100, false)).isEqualTo("abc");
    assertThat(read(0, 9, true)).isEqualTo("abc[MISSING 3-6]ghi");
    assertThat(view.queries().extent(KEY).contiguous()).isFalse();

    bytes(2, "cdefg");
    assertThat(read(0, 100, false)).isEqualTo("abcdefghi");
    assertThat(view.queries().extent(KEY)).isEqualTo(new Extent(9, 9));
  }

  @Test
  void tellsWhereOutputWasCut() {
    bytes(0, "head");
    cut(4, 1_000);
    bytes(1_000, "tail");

    assertThat(read(0, 2_000, false)).isEqualTo("head[LIMIT 4-1000]tail");
    assertThat(read(500, 2_000, false)).isEqualTo("[LIMIT 500-1000]tail");
    assertThat(view.queries().holes(KEY, 0, 1_004, 10))
        .containsExactly(new Hole(4, 1_000, Hole.Why.LIMIT));
    assertThat(view.queries().extent(KEY).covers(1_004)).isTrue();
  }

  @Test
  void tellsWhatNeverCame() {
    bytes(0, "abc");

    assertThat(read(0, 10, true)).isEqualTo("abc[MISSING 3-10]");
    assertThat(view.queries().holes(KEY, 0, 10, 10))
        .containsExactly(new Hole(3, 10, Hole.Why.MISSING));
  }

  @Test
  void tellsWhatKafkaHasDeleted() {
    bytes(0, "abc");
    bytes(3, "def");
    chunks.delete(0);

    assertThat(read(0, 6, true)).isEqualTo("[MISSING 0-3]def");
  }

  @Test
  void keepsAttemptsApart() {
    Token next = new Token(8);
    bytes(0, "first");
    bytes(next, 0, "second try");

    assertThat(read(0, 100, false)).isEqualTo("first");
    assertThat(read(new StreamKey(new JobId("j"), next, OutputStreamName.STDOUT), 0, 100, false))
        .isEqualTo("second try");
    assertThat(read(new StreamKey(new JobId("j"), next, OutputStreamName.STDERR), 0, 100, false))
        .isEmpty();
  }

  @Test
  void forgetsWhatKafkaNoLongerHas() {
    bytes(0, "abc");
    bytes(new Token(8), 0, "def");

    view.begins(java.util.Map.of(0, 1L));

    assertThat(view.queries().extent(KEY)).isEqualTo(Extent.NONE);
    assertThat(view.queries().spans(KEY, 0, 10)).isEmpty();
    assertThat(
            view.queries()
                .extent(new StreamKey(new JobId("j"), new Token(8), OutputStreamName.STDOUT)))
        .isEqualTo(new Extent(3, 3));
  }

  /** A worker that restarts often publishes from some earlier byte, in other portions. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void isByteExactHoweverOftenItWasPublished(long seed) {
    var random = new Random(seed);
    byte[] all = new byte[5_000];
    random.nextBytes(all);
    int published = 0;
    while (published < all.length) {
      int from = random.nextInt(3) == 0 ? random.nextInt(published + 1) : published;
      int to = Math.min(all.length, from + 1 + random.nextInt(300));
      log.tell(
          chunks.add(
              "j",
              new OutputChunk.Bytes(
                  TOKEN, OutputStreamName.STDOUT, from, Arrays.copyOfRange(all, from, to))));
      published = Math.max(published, to);
    }

    int from = random.nextInt(1_000);
    var read = new ByteArrayOutputStream();
    long reached = from;
    for (List<Piece> pieces = next(reached); !pieces.isEmpty(); pieces = next(reached)) {
      for (Piece piece : pieces) {
        read.writeBytes(((Piece.Content) piece).bytes());
        reached = piece.end();
      }
    }

    assertThat(read.toByteArray()).isEqualTo(Arrays.copyOfRange(all, from, all.length));
  }

  private List<Piece> next(long from) {
    return new ArrayList<>(reader.next(KEY, from, Long.MAX_VALUE, false));
  }
}
