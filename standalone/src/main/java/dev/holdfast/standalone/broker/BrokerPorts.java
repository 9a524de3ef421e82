package dev.holdfast.standalone.broker;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.standalone.supervise.DataDirLock;
import dev.holdfast.standalone.supervise.DirectoryInUseException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports of one data directory: chosen at the first start, the same at every later one, because
 * workers elsewhere know the broker by its address and wait for it there.
 */
public final class BrokerPorts {

  /** The option that error messages send the user to. */
  static final String OPTION = "--kafka";

  private static final Logger LOG = LoggerFactory.getLogger(BrokerPorts.class);

  private static final int USUAL_PORT = 9092;

  /**
   * Chosen ports lie below the range from which kernels take the ports of outgoing connections.
   * Inside it, a client that tries to reach a broker that is down can be given the broker's own
   * port and connect to itself, and the broker then never gets its port back.
   */
  private static final int LOWEST_CHOSEN = 20_000;

  private static final int CHOSEN_COUNT = 10_000;

  private static final String FILE = "broker.properties";
  private static final String PORT = "port";
  private static final String CONTROLLER_PORT = "controller.port";

  private record Ports(int client, int controller) {}

  private BrokerPorts() {}

  /**
   * The configuration with both ports filled in and remembered. When a broker runs on the
   * directory, its ports are returned.
   *
   * @throws BrokerStartException if a port is taken by somebody else, or the running broker has
   *     another port than the one asked for
   */
  public static BrokerConfig settle(BrokerConfig asked) {
    try (DataDirLock lock = DataDirLock.take(asked.dataDir(), "broker")) {
      return settleHolding(lock, asked);
    } catch (DirectoryInUseException e) {
      return ofRunningBroker(asked, e);
    }
  }

  /** As {@link #settle}, for the broker itself. */
  static BrokerConfig settleHolding(DataDirLock lock, BrokerConfig asked) {
    Path file = lock.directory().resolve(FILE);
    try {
      Optional<Ports> remembered = readOrSetAside(file);
      int port = clientPort(asked, remembered);
      int controllerPort = controllerPort(asked, remembered, port);
      Ports settled = new Ports(port, controllerPort);
      if (!remembered.equals(Optional.of(settled))) {
        AtomicFile.write(file, render(settled));
      }
      return asked.withPort(0).withControllerPort(controllerPort).withPort(port);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep the broker's ports in " + file, e);
    }
  }

  private static BrokerConfig ofRunningBroker(BrokerConfig asked, DirectoryInUseException running) {
    Ports ports =
        read(asked.dataDir().resolve(FILE))
            .orElseThrow(() ->
                new BrokerStartException(
                    "A broker is just starting on " + asked.dataDir() + ": try again", running));
    if (asked.port() != 0 && asked.port() != ports.client()) {
      throw new BrokerStartException(
          "The broker of %s runs on port %d, not on %d as asked with %s: stop it first, or leave the option away"
              .formatted(asked.dataDir(), ports.client(), asked.port(), OPTION),
          running);
    }
    return asked.withPort(0).withControllerPort(ports.controller()).withPort(ports.client());
  }

  private static int clientPort(BrokerConfig asked, Optional<Ports> remembered) throws IOException {
    int wanted = asked.port() != 0 ? asked.port() : remembered.map(Ports::client).orElse(0);
    if (wanted == 0) {
      return firstFree(asked, IntStream.concat(IntStream.of(USUAL_PORT), candidates(asked)), 0);
    }
    if (!free(asked.host(), wanted)) {
      throw new BrokerStartException(
          "Port %d on %s, %s, is taken by another process: end that process, or choose another port with %s"
              .formatted(
                  wanted,
                  asked.host(),
                  asked.port() != 0
                      ? "asked for the broker of " + asked.dataDir()
                      : "which the broker of " + asked.dataDir() + " has had so far",
                  OPTION));
    }
    return wanted;
  }

  /** Nobody but this broker knows the controller's port, so a taken one is simply replaced. */
  private static int controllerPort(BrokerConfig asked, Optional<Ports> remembered, int port)
      throws IOException {
    int wanted =
        asked.controllerPort() != 0
            ? asked.controllerPort()
            : remembered.map(Ports::controller).orElse(0);
    return wanted != 0 && wanted != port && free(BrokerConfig.CONTROLLER_HOST, wanted)
        ? wanted
        : firstFree(asked, candidates(asked), port);
  }

  /** Begins at a place given by the directory, so that two first starts at once rarely collide. */
  private static IntStream candidates(BrokerConfig asked) {
    int begin = Math.floorMod(asked.dataDir().hashCode(), CHOSEN_COUNT);
    return IntStream.range(0, CHOSEN_COUNT)
        .map(step -> LOWEST_CHOSEN + (begin + step) % CHOSEN_COUNT);
  }

  private static int firstFree(BrokerConfig asked, IntStream candidates, int except)
      throws IOException {
    InetAddress.getByName(asked.host()); // an unknown host would make every port look taken
    return candidates
        .filter(port -> port != except && free(asked.host(), port))
        .findFirst()
        .orElseThrow(() ->
            new BrokerStartException(
                "No free port between %d and %d on %s: choose one with %s"
                    .formatted(
                        LOWEST_CHOSEN, LOWEST_CHOSEN + CHOSEN_COUNT - 1, asked.host(), OPTION)));
  }

  private static boolean free(String host, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true); // connections of the last broker may still linger
      probe.bind(new InetSocketAddress(host, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String render(Ports ports) {
    return "# Ports of this directory's broker. Clients know the first one.%n%s=%d%n%s=%d%n"
        .formatted(PORT, ports.client(), CONTROLLER_PORT, ports.controller());
  }

  private static Optional<Ports> readOrSetAside(Path file) throws IOException {
    Optional<Ports> ports = read(file);
    if (ports.isEmpty() && Files.exists(file)) {
      Files.move(file, file.resolveSibling(FILE + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
      LOG.warn("{} holds no ports: set aside as {}.damaged, ports are chosen anew", file, FILE);
    }
    return ports;
  }

  private static Optional<Ports> read(Path file) {
    try {
      Properties found = new Properties();
      found.load(new StringReader(Files.readString(file)));
      Ports ports =
          new Ports(
              Integer.parseInt(found.getProperty(PORT)),
              Integer.parseInt(found.getProperty(CONTROLLER_PORT)));
      return valid(ports.client()) && valid(ports.controller())
          ? Optional.of(ports)
          : Optional.empty();
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the broker's ports from " + file, e);
    }
  }

  private static boolean valid(int port) {
    return port > 0 && port <= 65535;
  }
}
