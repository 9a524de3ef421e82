package dev.holdfast.gateway.http;

import dev.holdfast.gateway.output.Hole;
import dev.holdfast.gateway.output.OutputReader;
import dev.holdfast.gateway.output.OutputReader.Piece;
import dev.holdfast.gateway.output.StreamKey;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;

/**
 * A stream's bytes up to an end fixed beforehand; a line of text stands where bytes are missing.
 */
final class BytesFeed implements Feed {
  private final OutputReader reader;
  private final StreamKey key;
  private final ReadOutput.Plan plan;
  private long reached;
  private Buffer ready = Buffer.buffer();

  private BytesFeed(OutputReader reader, StreamKey key, long from, ReadOutput.Plan plan) {
    this.reader = reader;
    this.key = key;
    this.plan = plan;
    this.reached = from;
  }

  /** A feed whose first piece has been read. */
  record Begun(BytesFeed feed, ReadOutput.Plan plan) {}

  static Begun begin(OutputReader reader, StreamKey key, long from, ReadOutput.Plan plan) {
    var feed = new BytesFeed(reader, key, from, plan);
    feed.ready = feed.read();
    return new Begun(feed, plan);
  }

  @Override
  public Batch next() {
    Buffer piece = ready;
    if (reached >= plan.end()) {
      return Batch.last(piece);
    }
    ready = read();
    return ready.length() == 0 ? Batch.last(piece) : Batch.of(piece);
  }

  private Buffer read() {
    Buffer buffer = Buffer.buffer();
    if (reached < plan.end()) {
      for (Piece piece : reader.next(key, reached, plan.end(), true)) {
        switch (piece) {
          case Piece.Content content -> buffer.appendBytes(content.bytes());
          case Piece.Missing missing -> buffer.appendString(marker(missing.hole()));
        }
        reached = piece.end();
      }
    }
    return buffer;
  }

  private String marker(Hole hole) {
    return "\n[holdfast: bytes %d to %d of %s %s]\n"
        .formatted(
            hole.from(),
            hole.to(),
            key.stream().name().toLowerCase(Locale.ROOT),
            hole.why().sentence());
  }
}
