package dev.holdfast.worker.index.cidx;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The environment of the program: what it needs of the worker's, and which of it nobody may see.
 */
record Secrets(SortedMap<String, String> environment) {
  private static final List<String> NEEDED =
      List.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "LANG",
          "TMPDIR",
          "TZ",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "REQUESTS_CA_BUNDLE");
  private static final List<String> NEEDED_BEGINNINGS =
      List.of("LC_", "XDG_", "VOYAGE_", "OLLAMA_", "CIDX_", "CODE_INDEXER_");
  private static final List<String> SECRET_ENDS = List.of("KEY", "TOKEN", "SECRET", "PASSWORD");
  private static final int SHORTEST_SECRET = 4;

  static Secrets of(Map<String, String> worker) {
    var environment = new TreeMap<String, String>();
    worker.forEach((name, value) -> {
      if (NEEDED.contains(name) || NEEDED_BEGINNINGS.stream().anyMatch(name::startsWith)) {
        environment.put(name, value);
      }
    });
    return new Secrets(environment);
  }

  /** The text without any secret's value. */
  String mask(String text) {
    String masked = text;
    for (var entry : environment.entrySet()) {
      if (SECRET_ENDS.stream().anyMatch(entry.getKey()::endsWith)
          && entry.getValue().length() >= SHORTEST_SECRET) {
        masked = masked.replace(entry.getValue(), "***");
      }
    }
    return masked.replaceAll("://[^/\\s]*@", "://***@");
  }

  @Override
  public String toString() {
    return "environment of " + environment.keySet();
  }
}
