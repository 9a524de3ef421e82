package dev.holdfast.gateway.output;

import static java.util.Objects.requireNonNull;

import dev.holdfast.schemas.attempt.OutputChunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The newest chunks in memory, in front of a slower log. Safe for use by many threads. */
public final class RecentChunks implements ChunkLog {
  private final ChunkLog slower;
  private final long mostBytes;

  /** All three guarded by this. */
  private final Map<Place, Kept> kept = new HashMap<>();

  private final Deque<Place> oldestFirst = new ArrayDeque<>();
  private long bytes;

  public RecentChunks(ChunkLog slower, long mostBytes) {
    this.slower = slower;
    this.mostBytes = mostBytes;
  }

  synchronized void put(int partition, long position, StreamKey key, OutputChunk.Bytes chunk) {
    Place place = new Place(partition, position);
    if (kept.put(place, new Kept(key, chunk)) == null) {
      oldestFirst.add(place);
      bytes += chunk.bytes().length;
    }
    while (bytes > mostBytes) {
      bytes -= requireNonNull(kept.remove(oldestFirst.remove())).chunk().bytes().length;
    }
  }

  synchronized void clear() {
    kept.clear();
    oldestFirst.clear();
    bytes = 0;
  }

  @Override
  public Map<Long, OutputChunk.Bytes> read(StreamKey key, int partition, List<Long> positions) {
    var found = new HashMap<Long, OutputChunk.Bytes>();
    var missing = new ArrayList<Long>();
    synchronized (this) {
      for (long position : positions) {
        Kept chunk = kept.get(new Place(partition, position));
        if (chunk != null && chunk.key().equals(key)) {
          found.put(position, chunk.chunk());
        } else {
          missing.add(position);
        }
      }
    }
    if (!missing.isEmpty()) {
      found.putAll(slower.read(key, partition, missing));
    }
    return found;
  }

  private record Place(int partition, long position) {}

  private record Kept(StreamKey key, OutputChunk.Bytes chunk) {}
}
