package dev.holdfast.runtime;

import dev.holdfast.runtime.config.Address;

/** One role of Holdfast, running in this JVM since it was made. Closing it ends it gracefully. */
public interface Service extends AutoCloseable {
  /** e.g. {@code coordinator}. */
  String name();

  /** Where its health and metrics are served. */
  Address management();

  @Override
  void close();
}
