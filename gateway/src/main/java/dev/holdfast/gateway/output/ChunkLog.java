package dev.holdfast.gateway.output;

import dev.holdfast.schemas.attempt.OutputChunk;
import java.util.List;
import java.util.Map;

/** Gets chunks back from where they were indexed. Blocks. */
public interface ChunkLog {
  /**
   * Reads records of one stream.
   *
   * @param positions offsets in the partition, ascending
   * @return chunks by offset; one that Kafka has deleted is not in it
   */
  Map<Long, OutputChunk.Bytes> read(StreamKey key, int partition, List<Long> positions);
}
