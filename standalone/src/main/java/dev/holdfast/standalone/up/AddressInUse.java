package dev.holdfast.standalone.up;

import dev.holdfast.runtime.config.Address;
import dev.holdfast.standalone.supervise.Supervisor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The address of the HTTP API cannot be had, so a whole system would be started in vain. */
public final class AddressInUse extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private AddressInUse(Address address, IOException cause) {
    super(
        "cannot listen on "
            + address
            + " for the HTTP API ("
            + cause.getMessage()
            + "): stop the program that does, or choose another address with --http or"
            + " HOLDFAST_HTTP. Nothing was started",
        cause);
  }

  /**
   * Tries an address, unless a process that will be adopted or replaced was told to serve there.
   *
   * @throws AddressInUse if somebody else does, or nobody can
   */
  static void check(Address http, Supervisor supervisor) {
    if (supervisor.found().stream().anyMatch(command -> command.contains(http.toString()))) {
      return;
    }
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true); // connections of an earlier gateway may still be fading
      socket.bind(new InetSocketAddress(http.host(), http.port()));
    } catch (IOException e) {
      throw new AddressInUse(http, e);
    }
  }
}
