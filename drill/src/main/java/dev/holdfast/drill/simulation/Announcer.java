package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.worker.Presence;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** A worker's presence, every interval and on change; remembers when it sent which. */
final class Announcer {
  private static final long INTERVAL_MS = World.TICK.toMillis();

  private final World world;
  private final WorkerProcess process;
  private final Map<Long, Long> sentAtMs = new HashMap<>();
  private long sequence;
  private int round;

  Announcer(World world, WorkerProcess process) {
    this.world = world;
    this.process = process;
  }

  OptionalLong sentAtMs(long ofSequence) {
    Long atMs = sentAtMs.get(ofSequence);
    return atMs == null ? OptionalLong.empty() : OptionalLong.of(atMs);
  }

  /** Announces now, and again after each interval in which nothing changed. */
  void announce() {
    round++;
    sequence++;
    sentAtMs.put(sequence, process.bootMs());
    process
        .post()
        .send(
            world.broker().workers(),
            new Presence(
                process.worker(),
                process.incarnation(),
                sequence,
                process.slotsOffered(),
                process.held(),
                false,
                process.worker().value(),
                1,
                Instant.EPOCH,
                INTERVAL_MS),
            World.LIVENESS.deliveryTimeout().toMillis(),
            Post.Delivery.UNWATCHED);
    int mine = round;
    process
        .life()
        .after(
            INTERVAL_MS,
            () -> {
              if (mine == round) {
                announce();
              }
            });
  }
}
