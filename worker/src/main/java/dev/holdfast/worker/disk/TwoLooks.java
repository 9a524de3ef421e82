package dev.holdfast.worker.disk;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which strays were seen unchanged for long enough. What was being made at the first look has been
 * completed, renamed or written to by the second. Owned by the sweep's thread.
 */
final class TwoLooks {
  private final Duration apart;
  private Map<Key, Sighting> seen = Map.of();

  TwoLooks(Duration apart) {
    this.apart = apart;
  }

  private record Key(String kind, String name) {}

  private record Sighting(String identity, Instant first) {}

  /** Takes the second look at what was there before, and the first at what is new. */
  List<Stray> ripe(List<Stray> now, Instant at) {
    var next = new HashMap<Key, Sighting>();
    var ripe = new ArrayList<Stray>();
    for (Stray stray : now) {
      var key = new Key(stray.kind(), stray.name());
      Sighting before = seen.get(key);
      Instant first =
          before != null && before.identity().equals(stray.identity()) ? before.first() : at;
      next.put(key, new Sighting(stray.identity(), first));
      if (stray.condemned() || (before != null && !first.plus(apart).isAfter(at))) {
        ripe.add(stray);
      }
    }
    seen = next;
    return ripe;
  }
}
