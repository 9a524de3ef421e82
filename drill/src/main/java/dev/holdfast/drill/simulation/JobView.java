package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the referee knows of one job from its events alone. */
final class JobView {
  private @Nullable Liveness liveness;
  private @Nullable Instant submittedAt;
  private @Nullable Token newest;
  private @Nullable Token current;
  private @Nullable WorkerId worker;
  private long openedAtMs;
  private int lost;
  private boolean ended;

  boolean ended() {
    return ended;
  }

  int lost() {
    return lost;
  }

  boolean isNewer(Token token) {
    return newest == null || token.compareTo(newest) > 0;
  }

  @Nullable Token current() {
    return current;
  }

  /** Who holds the lease; null if nobody does. */
  @Nullable WorkerId worker() {
    return worker;
  }

  void submitted(Liveness decided, Instant at) {
    liveness = decided;
    submittedAt = at;
  }

  @Nullable Instant submittedAt() {
    return submittedAt;
  }

  Liveness liveness() {
    return Objects.requireNonNull(liveness);
  }

  /** When its lease was last granted or renewed. */
  long openedAtMs() {
    return openedAtMs;
  }

  void opened(long atMs) {
    openedAtMs = atMs;
  }

  void assigned(Token token, WorkerId to) {
    newest = token;
    current = token;
    worker = to;
  }

  void requeued(boolean costsAttempt) {
    current = null;
    worker = null;
    if (costsAttempt) {
      lost++;
    }
  }

  void end() {
    current = null;
    worker = null;
    ended = true;
  }
}
