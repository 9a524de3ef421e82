package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.util.List;

/** Kills a process at the n-th of its calls that change a file system. */
record Strace(Process process) implements AutoCloseable {

  private static final String CALLS =
      "rename,renameat,renameat2,unlink,unlinkat,link,mkdir,fsync,ftruncate,pwrite64";

  /** Whether there is a strace that may trace here. */
  static boolean works() {
    try {
      return new ProcessBuilder("strace", "-e", "trace=rename", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns once it has hold of the process; counts the calls of each thread for itself. */
  static Strace killingAt(long pid, int call) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    "strace",
                    "-f",
                    "-p",
                    Long.toString(pid),
                    "-o",
                    "/dev/null",
                    "-e",
                    "trace=" + CALLS,
                    "-e",
                    "inject=" + CALLS + ":signal=KILL:when=" + call))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    // "Process 12 attached with 14 threads"
    String said = process.errorReader().readLine();
    if (said == null || !said.contains("attached")) {
      throw new AssertionError("strace did not attach: " + said);
    }
    return new Strace(process);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
