package dev.holdfast.standalone.supervise;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/**
 * Asks a child whether it serves: that very process, not whoever else may answer in its place.
 * Asked again and again until the first yes of each life, from the thread that watches the child,
 * so it must answer within about a second.
 */
@FunctionalInterface
public interface ReadinessProbe {
  ObjectMapper JSON = new ObjectMapper();

  /**
   * Asks.
   *
   * @param pid of the child's process
   * @throws IOException means "not yet"
   */
  boolean ready(long pid) throws IOException;

  /** For a child that serves nobody: ready as soon as it runs. */
  static ReadinessProbe running() {
    return pid -> true;
  }

  /** Ready when something listens. */
  static ReadinessProbe tcp(String host, int port) {
    return pid -> {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), 1000);
        return true;
      }
    };
  }

  /** Ready when a GET answers 200 and names the child's process as the one that answers. */
  static ReadinessProbe http(URI address) {
    return pid -> {
      HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(1000);
      try {
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
          return false;
        }
        try (InputStream body = connection.getInputStream()) {
          return JSON.readTree(body).path("pid").asLong() == pid;
        }
      } finally {
        connection.disconnect();
      }
    };
  }
}
