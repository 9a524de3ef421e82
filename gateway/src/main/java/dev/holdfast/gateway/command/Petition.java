package dev.holdfast.gateway.command;

import dev.holdfast.gateway.log.Subscribers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sends a command and waits a bounded time for what is decided. It listens before it looks, and
 * looks before it sends, so that no decision falls in between.
 */
final class Petition<K, E> {
  private final Subscribers<K, E> events;
  private final Executor blocking;
  private final Duration wait;

  Petition(Subscribers<K, E> events, Executor blocking, Duration wait) {
    this.events = events;
    this.blocking = blocking;
    this.wait = wait;
  }

  /**
   * Asks.
   *
   * @param subject what the command is about, and whose events decide it
   * @param command sends the command
   * @param known what the view says already; may block
   * @param judge what an event of the subject decides
   * @param accepted run when Kafka has the command; what it answers is run when that is no news any
   *     more because a decision is known
   * @return fails with {@link NotAccepted}
   */
  CompletableFuture<Decision> ask(
      K subject,
      Supplier<CompletableFuture<Void>> command,
      Supplier<Optional<Decision>> known,
      Function<E, Optional<Decision>> judge,
      Supplier<Runnable> accepted) {
    var decision = new CompletableFuture<Decision>();
    var listening =
        events.listen(subject, event -> judge.apply(event).ifPresent(decision::complete));
    CompletableFuture.supplyAsync(known, blocking)
        .thenAccept(early -> {
          if (early.isPresent()) {
            decision.complete(early.get());
          } else {
            send(command, accepted, decision);
          }
        })
        .exceptionally(failure -> {
          decision.completeExceptionally(failure);
          return null;
        });
    return decision.whenComplete((done, failure) -> listening.close());
  }

  private void send(
      Supplier<CompletableFuture<Void>> command,
      Supplier<Runnable> accepted,
      CompletableFuture<Decision> decision) {
    command
        .get()
        .whenComplete((sent, failure) -> {
          if (failure != null) {
            decision.completeExceptionally(failure);
            return;
          }
          Runnable decided = accepted.get();
          decision
              .completeOnTimeout(new Decision.Pending(), wait.toMillis(), TimeUnit.MILLISECONDS)
              .thenAccept(came -> {
                if (!(came instanceof Decision.Pending)) {
                  decided.run();
                }
              });
        });
  }
}
