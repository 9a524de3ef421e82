package dev.holdfast.standalone.cli;

import java.net.URI;
import picocli.CommandLine.Option;

/** Which gateway to call. */
public final class ApiOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:HOLDFAST_URL:-http://127.0.0.1:8080}",
      description = "The gateway to call (default: HOLDFAST_URL or http://127.0.0.1:8080).")
  private URI url = URI.create("http://127.0.0.1:8080");

  Api api() {
    return new Api(url);
  }
}
