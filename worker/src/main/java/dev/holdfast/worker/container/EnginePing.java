package dev.holdfast.worker.container;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Asks an engine whether it is there, without a client: most workers never need one. */
final class EnginePing {
  private static final byte[] REQUEST =
      "GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n".getBytes(US_ASCII);
  private static final int STATUS_LINE = "HTTP/1.1 200".length();

  private final Path socket;
  private final Calls calls;
  private final Duration deadline;

  EnginePing(Path socket, Calls calls, Duration deadline) {
    this.socket = socket;
    this.calls = calls;
    this.deadline = deadline;
  }

  /**
   * Returns if the engine answers.
   *
   * @throws EngineException if not; its message is for people
   */
  void ping() {
    if (!Files.exists(socket)) {
      throw new EngineException(
          EngineException.Code.UNREACHABLE,
          "there is no engine at " + socket + ": is Docker installed and started?");
    }
    calls.within(
        deadline,
        "ping of " + socket,
        () -> {
          try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(REQUEST));
            check(answer(channel));
          }
          return socket;
        });
  }

  private static String answer(SocketChannel channel) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(STATUS_LINE);
    while (answer.hasRemaining() && channel.read(answer) >= 0) {
      // The channel blocks until there is more.
    }
    return new String(answer.array(), 0, answer.position(), US_ASCII);
  }

  private static void check(String answer) throws IOException {
    if (!answer.startsWith("HTTP/1.") || !answer.endsWith(" 200")) {
      throw new IOException("expected HTTP/1.1 200, found '" + answer + "'");
    }
  }
}
