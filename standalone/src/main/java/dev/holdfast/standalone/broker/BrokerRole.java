package dev.holdfast.standalone.broker;

import java.time.Duration;
import java.util.List;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** The broker as the one purpose of its JVM. */
public final class BrokerRole {

  private static final Duration SHUT_DOWN_WITHIN = Duration.ofSeconds(10);

  /** What a shell reports for a process ended by TERM. */
  private static final int EXIT_BY_TERM = 128 + 15;

  private BrokerRole() {}

  /**
   * Flags for the broker's JVM. Memory: the page cache holds the log, the heap only what is under
   * way. A broker that ran out of heap serves nobody, so it ends and is started again.
   */
  public static List<String> jvmFlags() {
    return List.of(
        "-Xms64m",
        "-Xmx768m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow");
  }

  /**
   * Starts the broker, prints one line when it serves, and returns when TERM has shut it down.
   *
   * <p>INT and HUP are ignored: a Ctrl-C in the terminal is for the parent, which stops its
   * children in an order of its own.
   */
  public static void run(BrokerConfig config) {
    Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
    Signal.handle(new Signal("HUP"), SignalHandler.SIG_IGN);
    long beganNanos = System.nanoTime();
    EmbeddedBroker broker = EmbeddedBroker.start(config);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> closeOrHalt(broker), "broker-close"));
    System.out.printf(
        "broker ready: bootstrap.servers=%s cluster=%s pid=%d after_ms=%d%n",
        broker.bootstrapServers(),
        broker.clusterId(),
        ProcessHandle.current().pid(),
        Duration.ofNanos(System.nanoTime() - beganNanos).toMillis());
    broker.awaitShutdown();
  }

  /** The log is safe without a clean end; a late one would only look like a broker that hangs. */
  private static void closeOrHalt(EmbeddedBroker broker) {
    Thread closing = Thread.ofPlatform().daemon().start(broker::close);
    try {
      if (!closing.join(SHUT_DOWN_WITHIN)) {
        System.err.println("broker not closed within " + SHUT_DOWN_WITHIN + ": ending without");
        Runtime.getRuntime().halt(EXIT_BY_TERM);
      }
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(EXIT_BY_TERM);
    }
  }
}
