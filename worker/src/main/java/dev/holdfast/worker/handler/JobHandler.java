package dev.holdfast.worker.handler;

/** Code that does one kind of job. One instance serves any number of attempts at once. */
public interface JobHandler {
  /** What a job's spec calls it. */
  String name();

  /**
   * Does one attempt. Returning is success; an exception is failure, with its message as the
   * reason. Runs on a virtual thread, which is interrupted when the attempt is cancelled or its
   * lease lapses; whatever has an effect outside should be guarded by {@link JobContext#token()}.
   */
  void run(JobContext context) throws Exception;
}
