package dev.holdfast.runtime.config;

/** A host and a port to listen on or to connect to; port 0 asks for any free one. */
public record Address(String host, int port) {
  /** Reads {@code HOST:PORT}, {@code [IPV6]:PORT} or {@code :PORT} (loopback). */
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("must be HOST:PORT, not '" + text + "'");
    }
    String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
    int port;
    try {
      port = Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be HOST:PORT, not '" + text + "'", e);
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("the port must be from 0 to 65535, not " + port);
    }
    return new Address(host.isEmpty() ? "127.0.0.1" : host, port);
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
