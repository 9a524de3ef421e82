package dev.holdfast.worker.presence;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** When each of the newest announcements was sent, on the boot-time clock. */
final class SentTimes {
  private final int most;
  private final Map<Long, Long> sentAtMs = new LinkedHashMap<>();

  SentTimes(int most) {
    this.most = most;
  }

  synchronized void sent(long sequence, long atMs) {
    sentAtMs.put(sequence, atMs);
    if (sentAtMs.size() > most) {
      sentAtMs.remove(sentAtMs.keySet().iterator().next());
    }
  }

  /** Empty for one that is forgotten, or was never sent. */
  synchronized OptionalLong of(long sequence) {
    Long atMs = sentAtMs.get(sequence);
    return atMs == null ? OptionalLong.empty() : OptionalLong.of(atMs);
  }
}
