package dev.holdfast.standalone.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Ports for brokers of tests, which must not meet another build's broker on the usual one. */
final class TestPorts {

  private TestPorts() {}

  /** A free port outside the range of outgoing connections, as a broker that restarts needs it. */
  static int free() throws IOException {
    for (int tries = 0; tries < 100; tries++) {
      int port = RandomGenerator.getDefault().nextInt(30_000, 32_768);
      try (ServerSocket probe = listen(port)) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
    throw new IOException("No free port found in 100 tries");
  }

  static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
  }
}
