package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import java.util.Arrays;

/**
 * A piece of an attempt's output, at a byte offset of the stream. Key: the job's id. Written by the
 * worker, at least once: a reader drops the bytes that it already has.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = OutputChunk.Bytes.class, name = "bytes"),
  @JsonSubTypes.Type(value = OutputChunk.Cut.class, name = "cut"),
})
@JsonInclude(JsonInclude.Include.ALWAYS)
public sealed interface OutputChunk {
  Token token();

  OutputStreamName stream();

  /** First byte of the stream that this chunk speaks of. */
  long offset();

  /** One past the last byte of the stream that this chunk speaks of. */
  long end();

  /** The bytes from {@code offset}; base64 in JSON. */
  record Bytes(Token token, OutputStreamName stream, long offset, byte[] bytes)
      implements OutputChunk {
    /** A chunk fits a Kafka record of 1 MB with room to spare, base64 included. */
    public static final int MOST_BYTES = 512 * 1024;

    public Bytes {
      checked(token, stream, offset);
      Require.present("bytes", bytes);
      if (bytes.length > MOST_BYTES) {
        throw new InvalidField("bytes", "must be at most " + MOST_BYTES + " bytes");
      }
    }

    @Override
    public long end() {
      return offset + bytes.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that
          && token.equals(that.token)
          && stream == that.stream
          && offset == that.offset
          && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(token.value() * 31 + offset) * 31 + Arrays.hashCode(bytes);
    }
  }

  /** The bytes from {@code offset} up to {@code end} exceed the output limit and are not kept. */
  record Cut(Token token, OutputStreamName stream, long offset, long end) implements OutputChunk {
    public Cut {
      checked(token, stream, offset);
      Require.atLeast("end", offset, end);
    }
  }

  private static void checked(Token token, OutputStreamName stream, long offset) {
    Require.present("token", token);
    Require.present("stream", stream);
    Require.atLeast("offset", 0, offset);
  }
}
