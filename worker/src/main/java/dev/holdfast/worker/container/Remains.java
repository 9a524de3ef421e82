package dev.holdfast.worker.container;

/** Sentences about containers that are gone. */
final class Remains {
  static final String REMOVED = "the engine has no such container: somebody removed it";

  private static final int KILLED = 137;

  private Remains() {}

  static String describe(ContainerEngine.Inspection container) {
    String how =
        "the engine says '%s', exit code %d".formatted(container.status(), container.exitCode());
    if (container.oomKilled()) {
      return how + ", killed because its memory limit was reached";
    }
    String error = container.error().isEmpty() ? "" : " (" + container.error() + ")";
    return container.exitCode() == KILLED
        ? how + ", killed from outside: with its engine, or by somebody" + error
        : how + error;
  }
}
