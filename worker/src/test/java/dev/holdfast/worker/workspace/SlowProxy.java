package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A real server's way to its clients, made worse: cut after so many bytes, or slowed to a drip. */
final class SlowProxy implements AutoCloseable {

  private static final long DRIP_MS = 200;

  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final int serverPort;
  private volatile long cutAfter = Long.MAX_VALUE;
  private volatile long dripAfter = Long.MAX_VALUE;

  SlowProxy(int serverPort) throws IOException {
    this.serverPort = serverPort;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Each answer ends so, in the middle of whatever it is. */
  void cutAfter(long bytes) {
    cutAfter = bytes;
  }

  /** Each answer comes byte by byte from here on. */
  void dripAfter(long bytes) {
    dripAfter = bytes;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
      open.add(server);
      Thread.ofVirtual().start(() -> pass(client, server, Long.MAX_VALUE, Long.MAX_VALUE));
      pass(server, client, cutAfter, dripAfter);
    } catch (IOException e) {
      // One of them is gone, and so are both.
    }
  }

  private static void pass(Socket from, Socket to, long cut, long drip) {
    byte[] buffer = new byte[8192];
    long passed = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      while (passed < cut) {
        long most = Math.min(cut - passed, passed < drip ? drip - passed : 1);
        int read = in.read(buffer, 0, (int) Math.min(most, buffer.length));
        if (read < 0) {
          to.shutdownOutput();
          return;
        }
        out.write(buffer, 0, read);
        passed += read;
        if (passed >= drip) {
          Thread.sleep(DRIP_MS);
        }
      }
      from.close();
      to.close();
    } catch (IOException e) {
      // One of them is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
