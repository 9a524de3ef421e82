package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.Order.Assigned;
import dev.holdfast.worker.process.Launch;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The environment of a job's process: a little of the worker's, all of the spec's, what it was
 * given, and who it is. Nothing else of the worker's environment gets in: it may hold secrets.
 */
final class JobEnvironment {
  private static final List<String> INHERITED =
      List.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "LANG",
          "LANGUAGE",
          "LC_ALL",
          "LC_CTYPE",
          "TZ",
          "TMPDIR",
          "SSH_AUTH_SOCK",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR");

  private static final Map<String, String> OTHERWISE =
      Map.of(
          "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "HOME", "/",
          "LANG", "C.UTF-8");

  private JobEnvironment() {}

  static SortedMap<String, String> of(
      Site site, Assigned assigned, Map<String, String> provisions) {
    // In a container it is the image that the job's environment is laid over.
    var env = assigned.spec().container() == null ? inherited(site) : new TreeMap<String, String>();
    env.putAll(assigned.spec().env());
    env.putAll(provisions);
    env.put("HOLDFAST_CELL", site.cell());
    env.put("HOLDFAST_JOB", assigned.job().value());
    env.put("HOLDFAST_ATTEMPT", Integer.toString(assigned.attempt()));
    env.put("HOLDFAST_TOKEN", assigned.token().toString());
    env.put(Launch.RUN_VARIABLE, run(site, assigned));
    return env;
  }

  private static TreeMap<String, String> inherited(Site site) {
    var env = new TreeMap<>(OTHERWISE);
    for (String name : INHERITED) {
      String value = site.baseEnv().get(name);
      if (value != null) {
        env.put(name, value);
      }
    }
    return env;
  }

  /** Unique on a machine with any number of workers, and the same for every try to launch. */
  private static String run(Site site, Assigned assigned) {
    return "%s/%s/%s/%s".formatted(site.cell(), site.worker(), assigned.job(), assigned.token());
  }
}
