package dev.holdfast.worker.report;

import java.io.IOException;

/** Where an attempt's shim reads until when it may run. */
public interface LeaseFile {
  /** A lease that nobody but this worker looks at, for attempts without a process of their own. */
  LeaseFile NONE = deadlineMs -> {};

  /**
   * Moves the deadline forward.
   *
   * @param deadlineMs on the boot-time clock
   */
  void extend(long deadlineMs) throws IOException;
}
