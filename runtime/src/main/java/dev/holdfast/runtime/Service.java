package dev.holdfast.runtime;

import dev.holdfast.runtime.config.Address;

/**
 * One role of Holdfast in this JVM. It tells its health since it was made, and does its work once
 * it is connected. Closing it ends it gracefully, connected or not.
 */
public interface Service extends AutoCloseable {
  /** e.g. {@code coordinator}. */
  String name();

  /** Where its health and metrics are served. */
  Address management();

  /** Waits for Kafka, however long, and begins to work. Called once. */
  void connect() throws InterruptedException;

  @Override
  void close();
}
