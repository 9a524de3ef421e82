package dev.holdfast.worker.output;

import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.worker.output.OutputPlan.Next;
import dev.holdfast.worker.redact.Mask;
import dev.holdfast.worker.redact.MaskedFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the chunks of one stream's file as {@link OutputPlan} asks for them. */
final class StreamTail implements AutoCloseable {
  private final Token token;
  private final OutputStreamName stream;
  private final Path file;
  private final Supplier<Mask> mask;
  private final OutputLimit limit;
  private @Nullable FileChannel channel;
  private @Nullable MaskedFile masked;

  /** A size that has been seen, and how much of it nothing can change any more. */
  private long seenBytes;

  private long settledBytes;

  /**
   * Opens the file once it is there.
   *
   * @param mask asked for then: by now the job has been given its secrets
   */
  StreamTail(
      Token token, OutputStreamName stream, Path file, Supplier<Mask> mask, OutputLimit limit) {
    this.token = token;
    this.stream = stream;
    this.file = file;
    this.mask = mask;
    this.limit = limit;
  }

  OutputStreamName stream() {
    return stream;
  }

  Next next(long position, boolean ended) throws IOException {
    long size = size();
    return OutputPlan.next(limit, position, ended ? size : settled(size), ended);
  }

  /** The chunk to hand over; empty when there is none now. */
  Optional<OutputChunk> read(Next next) throws IOException {
    return switch (next) {
      case Next.Bytes(long offset, int length) -> bytes(offset, length);
      case Next.Cut(long offset, long end) ->
          Optional.of(new OutputChunk.Cut(token, stream, offset, end));
      case Next.Idle(), Next.Done() -> Optional.empty();
    };
  }

  private Optional<OutputChunk> bytes(long offset, int length) throws IOException {
    MaskedFile open = masked;
    byte[] bytes = open == null ? new byte[0] : open.read(offset, length);
    return bytes.length == 0
        ? Optional.empty()
        : Optional.of(new OutputChunk.Bytes(token, stream, offset, bytes));
  }

  private long settled(long size) throws IOException {
    MaskedFile open = masked;
    if (open != null && size != seenBytes) {
      settledBytes = open.settledBytes(size);
      seenBytes = size;
    }
    return settledBytes;
  }

  /** A stream that nobody has opened yet is empty. */
  private long size() throws IOException {
    if (channel == null && Files.exists(file)) {
      try {
        channel = FileChannel.open(file, StandardOpenOption.READ);
        masked = new MaskedFile(channel, mask.get());
      } catch (NoSuchFileException e) {
        return 0;
      }
    }
    return channel == null ? 0 : channel.size();
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
