package dev.holdfast.standalone.broker;

import java.nio.file.Path;
import java.util.Properties;

/**
 * What the user may choose about the embedded broker.
 *
 * @param dataDir holds all of the broker's files
 * @param host address to listen on
 * @param port port for clients; 0 leaves the choice to {@link BrokerPorts}
 * @param controllerPort port on the loopback address for the broker's own controller; 0 likewise
 * @param advertisedHost the name under which clients reach the broker
 * @param fsyncEachAppend whether a record is on the disk, not just in the kernel, before it is
 *     acknowledged: survives a power loss and costs a disk flush per append
 */
public record BrokerConfig(
    Path dataDir,
    String host,
    int port,
    int controllerPort,
    String advertisedHost,
    boolean fsyncEachAppend) {

  static final int NODE_ID = 1;
  static final String CLIENT_LISTENER = "CLIENT";
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  /** The controller serves this JVM alone. */
  static final String CONTROLLER_HOST = "127.0.0.1";

  private static final int INTERNAL_TOPIC_PARTITIONS = 4;

  /** A chunk of 1 MiB with its key, headers and batch framing, and room to grow. */
  private static final int LARGEST_MESSAGE_BYTES = 2 * 1024 * 1024;

  private static final int CLEANER_BUFFER_BYTES = 16 * 1024 * 1024;

  /** A stack switched off for less than this still knows its offsets when it comes back. */
  private static final int OFFSETS_KEPT_MINUTES = 30 * 24 * 60;

  public BrokerConfig {
    requirePort("port", port);
    requirePort("controllerPort", controllerPort);
    if (port != 0 && port == controllerPort) {
      throw new IllegalArgumentException(
          "Broker and controller need two ports, found " + port + " for both");
    }
    if (host.isBlank()) {
      throw new IllegalArgumentException("The broker needs a host to listen on, found a blank one");
    }
    if (advertisedHost.isBlank() || isWildcard(advertisedHost)) {
      throw new IllegalArgumentException(
          "The broker listens on %s and must advertise a name that clients can reach, found '%s'"
              .formatted(host, advertisedHost));
    }
    dataDir = dataDir.toAbsolutePath().normalize();
  }

  private static void requirePort(String what, int port) {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(what + " must be 0 to 65535, found " + port);
    }
  }

  private static boolean isWildcard(String host) {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  /** A broker for this machine alone, ports chosen at the first start and kept. */
  public static BrokerConfig in(Path dataDir) {
    return new BrokerConfig(dataDir, "127.0.0.1", 0, 0, "127.0.0.1", false);
  }

  public BrokerConfig withPort(int chosen) {
    return new BrokerConfig(dataDir, host, chosen, controllerPort, advertisedHost, fsyncEachAppend);
  }

  public BrokerConfig withControllerPort(int chosen) {
    return new BrokerConfig(dataDir, host, port, chosen, advertisedHost, fsyncEachAppend);
  }

  public BrokerConfig withHost(String listen, String advertised) {
    return new BrokerConfig(dataDir, listen, port, controllerPort, advertised, fsyncEachAppend);
  }

  public BrokerConfig withFsyncEachAppend(boolean chosen) {
    return new BrokerConfig(dataDir, host, port, controllerPort, advertisedHost, chosen);
  }

  /** What a client on this machine or elsewhere puts into {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return address(advertisedHost, port);
  }

  Path logDir() {
    return dataDir.resolve("log");
  }

  /**
   * The broker's settings, as Kafka names them.
   *
   * @throws IllegalStateException if a port is still 0
   */
  public Properties toProperties() {
    if (port == 0 || controllerPort == 0) {
      throw new IllegalStateException(
          "Ports must be settled before the broker of %s starts, found %d and %d"
              .formatted(dataDir, port, controllerPort));
    }
    Properties p = new Properties();
    addresses(p);
    oneNode(p);
    quickRecovery(p);
    groups(p);
    storage(p);
    return p;
  }

  private void addresses(Properties p) {
    String controller = address(CONTROLLER_HOST, controllerPort);
    p.put("process.roles", "broker,controller");
    p.put("node.id", Integer.toString(NODE_ID));
    p.put(
        "listeners",
        "%s://%s,%s://%s"
            .formatted(CLIENT_LISTENER, address(host, port), CONTROLLER_LISTENER, controller));
    p.put(
        "advertised.listeners",
        "%s://%s,%s://%s"
            .formatted(CLIENT_LISTENER, bootstrapServers(), CONTROLLER_LISTENER, controller));
    p.put(
        "listener.security.protocol.map",
        "%s:PLAINTEXT,%s:PLAINTEXT".formatted(CLIENT_LISTENER, CONTROLLER_LISTENER));
    p.put("inter.broker.listener.name", CLIENT_LISTENER);
    p.put("controller.listener.names", CONTROLLER_LISTENER);
    p.put("controller.quorum.bootstrap.servers", controller);
  }

  private static String address(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** One broker cannot replicate. Fewer internal partitions than the default 50 start faster. */
  private static void oneNode(Properties p) {
    for (String topic :
        new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
      p.put(topic + ".num.partitions", Integer.toString(INTERNAL_TOPIC_PARTITIONS));
      p.put(topic + ".replication.factor", "1");
    }
    p.put("transaction.state.log.min.isr", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    // A topic is created by its catalogue, with its settings, or not at all.
    p.put("auto.create.topics.enable", "false");
  }

  /** Timeouts that wait for other nodes, of which there are none, or for members long dead. */
  private static void quickRecovery(Properties p) {
    // After kill -9 the controller refuses the new broker until the old one's session is over.
    p.put("broker.session.timeout.ms", "1000");
    p.put("broker.heartbeat.interval.ms", "200");
    p.put("controller.quorum.election.timeout.ms", "100");
    p.put("controller.quorum.election.backoff.max.ms", "100");
    p.put("controller.quorum.fetch.timeout.ms", "500");
    p.put("controller.quorum.append.linger.ms", "1");
    // A producer's next transaction waits this long while the last one's markers are written.
    p.put("add.partitions.to.txn.retry.backoff.ms", "1");
    // A dead producer's open transaction holds up every read_committed reader until it is aborted.
    p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
  }

  /**
   * Permits short sessions, in all three protocols, and makes members neither wait for others that
   * might join nor for the next round of assignments.
   */
  private static void groups(Properties p) {
    p.put("group.initial.rebalance.delay.ms", "0");
    p.put("group.streams.initial.rebalance.delay.ms", "0");
    p.put("group.min.session.timeout.ms", "1000");
    for (String protocol : new String[] {"group.consumer", "group.streams"}) {
      p.put(protocol + ".min.session.timeout.ms", "1000");
      p.put(protocol + ".session.timeout.ms", "5000");
      p.put(protocol + ".min.heartbeat.interval.ms", "100");
      p.put(protocol + ".heartbeat.interval.ms", "500");
      p.put(protocol + ".assignment.interval.ms", "0");
    }
  }

  private void storage(Properties p) {
    p.put("log.dirs", logDir().toString());
    p.put("message.max.bytes", Integer.toString(LARGEST_MESSAGE_BYTES));
    p.put("log.cleaner.dedupe.buffer.size", Integer.toString(CLEANER_BUFFER_BYTES));
    p.put("offsets.retention.minutes", Integer.toString(OFFSETS_KEPT_MINUTES));
    if (fsyncEachAppend) {
      p.put("log.flush.interval.messages", "1");
    }
  }
}
