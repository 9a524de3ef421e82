package dev.holdfast.worker.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.process.BootClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PresenceLoopTest {
  private final List<Presence> sent = new CopyOnWriteArrayList<>();
  private final AtomicInteger slots = new AtomicInteger(4);
  private PresenceLoop loop;

  private void begin(Duration interval) {
    loop =
        new PresenceLoop(
            new PresenceLoop.Announcer(new WorkerId("w-1"), 2, "host", 3, Instant.EPOCH, interval),
            presence -> {
              sent.add(presence);
              return CompletableFuture.completedFuture(null);
            },
            BootClock.system());
    loop.begin(() -> new PresenceLoop.Offer(slots.get(), 1, false));
  }

  @AfterEach
  void stop() {
    loop.close();
  }

  @Test
  void announcesAtOnceAndAtItsIntervalWithGrowingSequences() {
    begin(Duration.ofMillis(20));

    await().until(() -> sent.size() >= 3);
    assertThat(sent).extracting(Presence::sequence).startsWith(1L, 2L, 3L);
    assertThat(sent.getFirst().intervalMs()).isEqualTo(20);
  }

  @Test
  void announcesAChangeWithoutWaiting() {
    begin(Duration.ofHours(1));
    await().until(() -> sent.size() == 1);

    slots.set(0);
    loop.changed();

    await().until(() -> sent.size() == 2);
    assertThat(sent.getLast().slots()).isZero();
  }

  @Test
  void remembersWhenItSentWhich() {
    BootClock clock = BootClock.system();
    long before = clock.nowMs();
    begin(Duration.ofHours(1));
    await().until(() -> !sent.isEmpty());

    assertThat(loop.sentAtMs(1).orElseThrow()).isBetween(before, clock.nowMs());
    assertThat(loop.sentAtMs(2)).isEmpty();
  }
}
