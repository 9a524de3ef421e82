package dev.holdfast.runtime.health;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Named checks; each says what is wrong, or nothing. Safe for use by many threads. */
public final class Health {
  private final Map<String, Supplier<Optional<String>>> liveness = new ConcurrentHashMap<>();
  private final Map<String, Supplier<Optional<String>>> readiness = new ConcurrentHashMap<>();

  /** A check that fails only when the process should be restarted. */
  public void liveness(String name, Supplier<Optional<String>> problem) {
    liveness.put(name, problem);
  }

  /** A check that fails while the process cannot do its work. */
  public void readiness(String name, Supplier<Optional<String>> problem) {
    readiness.put(name, problem);
  }

  /** Problems by name of the check; empty when live. */
  public Map<String, String> livenessProblems() {
    return problems(liveness);
  }

  /** Problems by name of the check; empty when ready. */
  public Map<String, String> readinessProblems() {
    return problems(readiness);
  }

  private static Map<String, String> problems(Map<String, Supplier<Optional<String>>> checks) {
    var problems = new TreeMap<String, String>();
    checks.forEach((name, check) -> check.get().ifPresent(problem -> problems.put(name, problem)));
    return problems;
  }
}
