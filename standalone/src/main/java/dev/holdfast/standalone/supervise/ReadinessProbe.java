package dev.holdfast.standalone.supervise;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/**
 * Asks a child whether it serves. Asked again and again until the first yes of each life, from the
 * thread that watches the child, so it must answer within about a second.
 */
@FunctionalInterface
public interface ReadinessProbe {

  /** An {@link IOException} means "not yet". */
  boolean ready() throws IOException;

  /** For a child that serves nobody: ready as soon as it runs. */
  static ReadinessProbe running() {
    return () -> true;
  }

  /** Ready when something listens. */
  static ReadinessProbe tcp(String host, int port) {
    return () -> {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), 1000);
        return true;
      }
    };
  }

  /** Ready when a GET answers 200. */
  static ReadinessProbe http(URI address) {
    return () -> {
      HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(1000);
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    };
  }
}
