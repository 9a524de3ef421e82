package dev.holdfast.worker.run;

import java.nio.file.Path;

/** Another worker lives in a directory that only one may live in. */
public final class WorkerHomeInUse extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WorkerHomeInUse(Path directory, Path lock) {
    super(
        "another worker uses "
            + directory
            + ": expected to lock "
            + lock.getFileName()
            + "; stop the other one or give this one a HOLDFAST_DATA of its own");
  }
}
