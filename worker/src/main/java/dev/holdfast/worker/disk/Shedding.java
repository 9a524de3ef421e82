package dev.holdfast.worker.disk;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up caches until there is room: one thing after the other, the longest unused first, the
 * caches in the order in which they are cheap to do without.
 */
public final class Shedding {
  private static final Logger log = LoggerFactory.getLogger(Shedding.class);

  private final List<Cache> caches;
  private final MeterRegistry metrics;
  private final ReentrantLock lock = new ReentrantLock();

  public Shedding(List<Cache> caches, MeterRegistry metrics) {
    this.caches = List.copyOf(caches);
    this.metrics = metrics;
  }

  /** Begins to make room on a thread of its own, unless that is under way. */
  public void begin(DiskGuard.Wanted wanted) {
    Thread.ofVirtual()
        .name("shedding")
        .start(() -> {
          if (lock.tryLock()) {
            try {
              run(wanted);
            } catch (InterruptedException e) {
              log.debug("no more caches are given up");
            } finally {
              lock.unlock();
            }
          }
        });
  }

  /** Makes room now; answers how many things it took. */
  int run(DiskGuard.Wanted wanted) throws InterruptedException {
    int count = 0;
    for (Cache cache : caches) {
      if (!wanted.met()) {
        count += shed(cache, wanted);
      }
    }
    return count;
  }

  private int shed(Cache cache, DiskGuard.Wanted wanted) throws InterruptedException {
    int count = 0;
    try {
      for (Cache.Item item : cache.longestUnusedFirst()) {
        if (wanted.met()) {
          break;
        }
        if (giveUp(cache, item)) {
          count++;
        }
      }
    } catch (IOException | RuntimeException e) {
      log.warn("cannot give up what is in cache {}: {}", cache.kind(), e.toString());
    }
    return count;
  }

  private boolean giveUp(Cache cache, Cache.Item item) throws InterruptedException {
    try {
      if (item.giveUp()) {
        log.info("gave up {} {} to make room", cache.kind(), item.name());
        metrics.counter("holdfast.worker.shed", "kind", cache.kind()).increment();
        return true;
      }
    } catch (IOException | RuntimeException e) {
      log.warn("cannot give up {} {}: {}", cache.kind(), item.name(), e.toString());
    }
    return false;
  }
}
