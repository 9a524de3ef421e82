package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.HeldAttempt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which attempts there are. A hold appears here the moment its order is read, before its directory
 * exists, so that an order which follows at once finds it; what cannot be taken disappears again.
 */
final class Holds {
  private final Map<HeldAttempt, CompletableFuture<Hold>> holds = new ConcurrentHashMap<>();

  /** A place for a hold that is being made. */
  CompletableFuture<Hold> reserve(HeldAttempt attempt) {
    var place = new CompletableFuture<Hold>();
    holds.put(attempt, place);
    return place;
  }

  void put(Hold hold) {
    holds.put(hold.attempt(), CompletableFuture.completedFuture(hold));
  }

  void remove(HeldAttempt attempt) {
    holds.remove(attempt);
  }

  boolean contains(HeldAttempt attempt) {
    return holds.containsKey(attempt);
  }

  /** Whether there is one with a run directory of these names. */
  boolean containsNamed(String job, String token) {
    return holds.keySet().stream()
        .anyMatch(attempt ->
            attempt.job().value().equals(job) && attempt.token().toString().equals(token));
  }

  /**
   * Passes something on to the hold that it is for, once that is made.
   *
   * @return completes with what the hold answers; at once if there is no such hold, or never will
   *     be
   */
  CompletableFuture<Void> tell(HeldAttempt attempt, Function<Hold, CompletableFuture<Void>> word) {
    CompletableFuture<Hold> place = holds.get(attempt);
    return place == null
        ? CompletableFuture.completedFuture(null)
        : place
            .handle((hold, failure) -> Optional.ofNullable(hold))
            .thenCompose(
                hold -> hold.map(word).orElseGet(() -> CompletableFuture.completedFuture(null)));
  }

  void forEach(Consumer<Hold> action) {
    ready().forEach(action);
  }

  int count() {
    return holds.size();
  }

  /** How many take up slots that the coordinator believes to be free. */
  int inTheWay() {
    return (int) ready().filter(Hold::inTheWay).count();
  }

  /** What the next incarnation would find. */
  List<HeldAttempt> survivors() {
    return ready().filter(Hold::survivesWorker).map(Hold::attempt).sorted(ORDER).toList();
  }

  private static final java.util.Comparator<HeldAttempt> ORDER =
      java.util.Comparator.comparing(HeldAttempt::token);

  private Stream<Hold> ready() {
    return holds.values().stream()
        .filter(place -> place.isDone() && !place.isCompletedExceptionally())
        .map(CompletableFuture::join);
  }
}
