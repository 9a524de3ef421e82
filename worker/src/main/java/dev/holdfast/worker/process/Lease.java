package dev.holdfast.worker.process;

/**
 * The file {@code lease}: until when the job may run. Written by the worker; the shim takes only a
 * later deadline than it knows.
 *
 * @param deadlineMs on the boot clock
 */
public record Lease(long deadlineMs) {

  public static final String FILE = "lease";

  public Lease {
    if (deadlineMs < 0) {
      throw new IllegalArgumentException("A deadline is not before the boot: " + deadlineMs);
    }
  }

  public byte[] render() {
    return ControlFile.named(FILE).with("deadline_ms", deadlineMs).render();
  }

  public static Reading<Lease> parse(byte[] bytes) {
    return ControlFile.parse(FILE, bytes).map(file -> new Lease(file.number("deadline_ms")));
  }
}
