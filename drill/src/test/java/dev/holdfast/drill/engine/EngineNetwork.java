package dev.holdfast.drill.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A network namespace with one way in: a pair of devices, one end outside, one inside.
 *
 * @param outside this machine's own address on the pair
 * @param inside where the namespace is reached
 */
record EngineNetwork(String name, String outside, String inside) implements AutoCloseable {
  private static final Shell SHELL = new Shell(Path.of("/"), Map.of());

  static EngineNetwork create(String name) {
    // Four addresses of 10.213.0.0/16, chosen by the pid: other runs may be under way.
    long block = ProcessHandle.current().pid() % 16_384 * 4;
    String prefix = "10.213." + block / 256 + ".";
    var network = new EngineNetwork(name, prefix + (block % 256 + 1), prefix + (block % 256 + 2));
    boolean created = false;
    try {
      ip("netns", "add", name);
      ip("link", "add", network.device(), "type", "veth", "peer", "name", "in", "netns", name);
      ip("address", "add", network.outside + "/30", "dev", network.device());
      ip("link", "set", network.device(), "up");
      ip("-n", name, "address", "add", network.inside + "/30", "dev", "in");
      ip("-n", name, "link", "set", "in", "up");
      ip("-n", name, "link", "set", "lo", "up");
      created = true;
      return network;
    } finally {
      if (!created) {
        network.close();
      }
    }
  }

  static Path handle(String name) {
    return Path.of("/run/netns", name);
  }

  private String device() {
    return "hf" + ProcessHandle.current().pid();
  }

  /** The devices go with the namespace, and that with the last process in it. */
  @Override
  public void close() {
    if (Files.exists(handle(name))) {
      ip("netns", "delete", name);
    }
  }

  boolean isGone() {
    return Files.notExists(handle(name)) && Files.notExists(Path.of("/sys/class/net", device()));
  }

  private static void ip(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "ip";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    SHELL.run(Duration.ofSeconds(30), command);
  }
}
