package dev.holdfast.gateway.output;

import dev.holdfast.gateway.Logged;
import dev.holdfast.gateway.log.LogUnavailable;
import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.codec.Serdes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The output topic in memory: what was told can be read back by offset, until it is deleted. */
public final class MemoryChunkLog implements ChunkLog {
  private final List<Logged.Entry> entries = new ArrayList<>();
  private final TreeSet<Long> deleted = new TreeSet<>();
  private boolean down;

  public synchronized Logged.Entry add(String job, OutputChunk chunk) {
    var entry = new Logged.Entry(job, Serdes.OUTPUT.write(chunk));
    entries.add(entry);
    return entry;
  }

  public synchronized void delete(long position) {
    deleted.add(position);
  }

  public synchronized void down(boolean now) {
    down = now;
  }

  @Override
  public synchronized Map<Long, OutputChunk.Bytes> read(
      StreamKey key, int partition, List<Long> positions) {
    if (down) {
      throw new LogUnavailable("the log is down");
    }
    var found = new HashMap<Long, OutputChunk.Bytes>();
    for (long position : positions) {
      if (!deleted.contains(position)) {
        found.put(
            position, (OutputChunk.Bytes) Serdes.OUTPUT.read(entries.get((int) position).value()));
      }
    }
    return found;
  }
}
