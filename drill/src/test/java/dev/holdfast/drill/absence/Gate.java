package dev.holdfast.drill.absence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to the broker that can be shut, for processes that know the broker by the gate's address.
 * While it is shut, bytes are neither passed on nor refused, as in a network that is cut; those on
 * the way arrive when it opens again, as they would be sent again.
 */
final class Gate implements AutoCloseable {
  private static final int AT_ONCE_BYTES = 64 * 1024;

  private final ServerSocket entrance;
  private final InetSocketAddress broker;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /** Guarded by this. */
  private boolean shut;

  private Gate(ServerSocket entrance, InetSocketAddress broker) {
    this.entrance = entrance;
    this.broker = broker;
  }

  /** Open at first; it has the broker's port, on another address of the loopback interface. */
  static Gate at(String address, int port) throws IOException {
    var entrance = new ServerSocket(port, 50, InetAddress.getByName(address));
    var gate = new Gate(entrance, new InetSocketAddress("127.0.0.1", port));
    Thread.startVirtualThread(gate::accept);
    return gate;
  }

  synchronized void shut() {
    shut = true;
  }

  synchronized void open() {
    shut = false;
    notifyAll();
  }

  private synchronized void awaitOpen() throws InterruptedException {
    while (shut) {
      wait();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket outer = entrance.accept();
        sockets.add(outer);
        Thread.startVirtualThread(() -> connect(outer));
      }
    } catch (IOException e) {
      sockets.forEach(Gate::end);
    }
  }

  private void connect(Socket outer) {
    try {
      awaitOpen();
      var inner = new Socket();
      sockets.add(inner);
      inner.connect(broker);
      inner.setTcpNoDelay(true);
      outer.setTcpNoDelay(true);
      Thread.startVirtualThread(() -> pass(outer, inner));
      pass(inner, outer);
    } catch (IOException e) {
      // The broker is away: whoever came will see that, and ask again.
      end(outer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(Socket from, Socket to) {
    var bytes = new byte[AT_ONCE_BYTES];
    try {
      for (int n = from.getInputStream().read(bytes);
          n >= 0;
          n = from.getInputStream().read(bytes)) {
        awaitOpen();
        to.getOutputStream().write(bytes, 0, n);
      }
    } catch (IOException e) {
      // One side is gone; so is the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end(from);
      end(to);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    open();
    entrance.close();
  }
}
