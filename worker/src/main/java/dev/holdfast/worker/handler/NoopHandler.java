package dev.holdfast.worker.handler;

/** Does nothing, successfully: what is left to measure is Holdfast itself. */
public final class NoopHandler implements JobHandler {
  @Override
  public String name() {
    return "noop";
  }

  @Override
  public void run(JobContext context) {}
}
