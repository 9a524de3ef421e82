package dev.holdfast.worker.run;

import java.util.Optional;

/** What came of starting a shim. */
public sealed interface Started {
  /**
   * It runs, or has run; the outcome will be in its exit record.
   *
   * @param again why the command had to be started once more; empty at the first start
   */
  record Launched(Optional<String> again) implements Started {
    public static final Launched FIRST = new Launched(Optional.empty());
  }

  /** Nothing was started and nothing ever will be; elsewhere it might. */
  record Never(String evidence) implements Started {}

  /** Nor could it be anywhere: the job asks for what cannot be had. */
  record Impossible(String code, String message) implements Started {}
}
