package dev.holdfast.drill.simulation;

/**
 * A process's way to append to the log: at least once, late, and out of sequence. What has been
 * sent arrives even if its sender is dead by then; only what must be sent again needs a living
 * sender.
 */
final class Post {
  private static final long RETRY_MS = 500;
  private static final int TWICE_ONE_IN = 40;

  private final World world;
  private final Life life;
  private final Link link;

  Post(World world, Life life, Link link) {
    this.world = world;
    this.life = life;
    this.link = link;
  }

  /** Sends, and tries again until it is acknowledged or has taken too long. */
  <T> void send(Partition<T> to, T value, long timeoutMs, Delivery delivery) {
    if (!life.isOver()) {
      attempt(new Sending<>(to, value, world.scheduler().nowMs() + timeoutMs, delivery));
    }
  }

  /** Sends until it is acknowledged, whatever happens. */
  <T> void deliver(Partition<T> to, T value, Runnable safe) {
    send(to, value, Long.MAX_VALUE / 2, new Delivery(safe, () -> {}));
  }

  /** What the sender does about the end of a sending. */
  record Delivery(Runnable acked, Runnable failed) {
    static final Delivery UNWATCHED = new Delivery(() -> {}, () -> {});

    static Delivery whenAcked(Runnable acked) {
      return new Delivery(acked, () -> {});
    }
  }

  private static final class Sending<T> {
    final Partition<T> to;
    final T value;
    final long giveUpAtMs;
    final Delivery delivery;
    boolean arrived;

    Sending(Partition<T> to, T value, long giveUpAtMs, Delivery delivery) {
      this.to = to;
      this.value = value;
      this.giveUpAtMs = giveUpAtMs;
      this.delivery = delivery;
    }
  }

  private <T> void attempt(Sending<T> sending) {
    world.scheduler().after(link.transitMs(), () -> arrive(sending));
  }

  private <T> void arrive(Sending<T> sending) {
    if (!link.outward()) {
      life.after(RETRY_MS, () -> again(sending));
      return;
    }
    if (!sending.arrived) {
      sending.arrived = true;
      sending.to.append(sending.value);
      if (world.chance().oneIn(TWICE_ONE_IN)) {
        world.scheduler().after(link.transitMs(), () -> arriveOnceMore(sending));
      }
    }
    world.scheduler().after(link.transitMs(), () -> acknowledge(sending));
  }

  /** As when the client was made anew, and the broker cannot know that it has the record. */
  private <T> void arriveOnceMore(Sending<T> sending) {
    if (link.outward()) {
      sending.to.append(sending.value);
    }
  }

  private <T> void acknowledge(Sending<T> sending) {
    if (link.inward()) {
      life.now(sending.delivery.acked());
    } else {
      life.after(RETRY_MS, () -> again(sending));
    }
  }

  private <T> void again(Sending<T> sending) {
    if (world.scheduler().nowMs() > sending.giveUpAtMs) {
      sending.delivery.failed().run();
    } else {
      attempt(sending);
    }
  }
}
