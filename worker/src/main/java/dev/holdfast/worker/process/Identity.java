package dev.holdfast.worker.process;

/**
 * The file {@code identity}: who supervises the run, and who is the leader of the job. Written by
 * the shim before the command runs; its existence means that the run directory was launched.
 */
public record Identity(ProcessIdentity shim, ProcessIdentity job) {

  public static final String FILE = "identity";

  public static Reading<Identity> parse(byte[] bytes) {
    return ControlFile.parse(FILE, bytes)
        .map(file -> new Identity(process(file, "shim"), process(file, "job")));
  }

  private static ProcessIdentity process(ControlFile file, String who) {
    return new ProcessIdentity(
        file.text("boot_id"), file.number(who + "_pid"), file.number(who + "_start"));
  }
}
