package dev.holdfast.worker;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that is made when it is first asked for, once. Safe for many threads. */
final class OnDemand<T extends Object> implements Supplier<T> {
  private final Supplier<T> maker;
  private @Nullable T made;

  OnDemand(Supplier<T> maker) {
    this.maker = maker;
  }

  @Override
  public synchronized T get() {
    T value = made;
    if (value == null) {
      value = maker.get();
      made = value;
    }
    return value;
  }
}
