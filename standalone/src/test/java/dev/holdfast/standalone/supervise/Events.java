package dev.holdfast.standalone.supervise;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Collects what a supervisor tells its listener. */
final class Events implements Consumer<ChildEvent> {

  private final List<ChildEvent> all = new CopyOnWriteArrayList<>();

  @Override
  public void accept(ChildEvent event) {
    all.add(event);
  }

  <E extends ChildEvent> List<E> of(Class<E> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
