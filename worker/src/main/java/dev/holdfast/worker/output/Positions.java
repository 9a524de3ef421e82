package dev.holdfast.worker.output;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far one stream has been handed over and acknowledged. Acknowledgements may come in any order;
 * the acknowledged position is where the first gap begins. Owned by one thread at a time: the
 * caller locks.
 */
final class Positions {
  private final Deque<Flight> flights = new ArrayDeque<>();
  private long handedOver;
  private long acknowledged;

  Positions(long start) {
    this.handedOver = start;
    this.acknowledged = start;
  }

  /** One chunk under way. */
  static final class Flight {
    private final long end;
    private boolean landed;

    private Flight(long end) {
      this.end = end;
    }
  }

  long handedOver() {
    return handedOver;
  }

  long acknowledged() {
    return acknowledged;
  }

  boolean settled() {
    return flights.isEmpty();
  }

  Flight handOver(long end) {
    var flight = new Flight(end);
    flights.addLast(flight);
    handedOver = end;
    return flight;
  }

  void land(Flight flight) {
    flight.landed = true;
    while (!flights.isEmpty() && flights.getFirst().landed) {
      acknowledged = flights.removeFirst().end;
    }
  }

  /** Forgets everything after the acknowledged position: it will be handed over once more. */
  void startOver() {
    flights.clear();
    handedOver = acknowledged;
  }
}
