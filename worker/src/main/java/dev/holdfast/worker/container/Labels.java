package dev.holdfast.worker.container;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a worker's containers are named and recognised. By its home, too: two installations on one
 * machine share its engine, and both may well have a cell {@code main} with a worker {@code
 * worker-1}.
 *
 * @param home a name that no worker with another directory has
 */
record Labels(String cell, WorkerId worker, String home) {
  private static final String PREFIX = "dev.holdfast.";
  private static final String JOB = PREFIX + "job";
  private static final String TOKEN = PREFIX + "token";

  /** Of all containers of the worker. */
  Map<String, String> ofWorker() {
    return Map.of(PREFIX + "cell", cell, PREFIX + "worker", worker.value(), PREFIX + "home", home);
  }

  Map<String, String> of(HeldAttempt attempt) {
    var labels = new TreeMap<>(ofWorker());
    labels.put(JOB, attempt.job().value());
    labels.put(TOKEN, attempt.token().toString());
    return labels;
  }

  /** The only name that a container of this attempt can have. */
  String name(HeldAttempt attempt, int generation) {
    return "holdfast-%s-%s-%s-%s-%d"
        .formatted(cell, home, attempt.job(), attempt.token(), generation);
  }

  static String job(Map<String, String> labels) {
    return labels.getOrDefault(JOB, "");
  }

  static String token(Map<String, String> labels) {
    return labels.getOrDefault(TOKEN, "");
  }
}
