package dev.holdfast.drill.broker;

import java.io.IOException;

/** A real broker for tests, empty at the start. */
interface TestBroker extends AutoCloseable {
  /** Decides which one: {@code container}, {@code embedded}; left out: a container if it can be. */
  String CHOICE = "holdfast.test.broker";

  static TestBroker start() throws IOException {
    String choice = System.getProperty(CHOICE, "");
    return switch (choice) {
      case "container" -> ContainerBroker.start();
      case "embedded" -> EmbeddedTestBroker.start();
      case "" -> ContainerBroker.available() ? ContainerBroker.start() : EmbeddedTestBroker.start();
      default ->
          throw new IllegalArgumentException(
              CHOICE + " should be container, embedded or left out, found " + choice);
    };
  }

  /** What clients on this machine connect to. */
  String bootstrap();

  @Override
  void close();
}
