package dev.holdfast.standalone.broker;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.runtime.file.Tree;
import dev.holdfast.standalone.supervise.DataDirLock;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.DynamicVoters;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A running KRaft broker in this JVM. The only class that touches Kafka's server classes.
 *
 * <p>A fault that Kafka calls fatal (a log directory that fails, for one) ends the whole JVM, so
 * outside tests a broker has a JVM of its own: {@link BrokerRole}.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private final BrokerConfig config;
  private final String clusterId;
  private final DataDirLock lock;
  private final KafkaRaftServer server;

  private EmbeddedBroker(
      BrokerConfig config, String clusterId, DataDirLock lock, KafkaRaftServer server) {
    this.config = config;
    this.clusterId = clusterId;
    this.lock = lock;
    this.server = server;
  }

  /**
   * Starts the broker, formatting its directory when that is new. Returns when it serves clients.
   *
   * @throws dev.holdfast.standalone.supervise.DirectoryInUseException if a broker runs there
   *     already
   * @throws BrokerStartException if it cannot start
   */
  public static EmbeddedBroker start(BrokerConfig asked) {
    DataDirLock lock = DataDirLock.take(asked.dataDir(), "broker");
    boolean started = false;
    try {
      BrokerConfig config = BrokerPorts.settleHolding(lock, asked);
      formatOnce(config);
      String clusterId = readClusterId(config);
      KafkaRaftServer server =
          new KafkaRaftServer(new KafkaConfig(config.toProperties(), false), Time.SYSTEM);
      startOrShutDown(server);
      started = true;
      return new EmbeddedBroker(config, clusterId, lock, server);
    } catch (BrokerStartException e) {
      throw e;
    } catch (Exception e) {
      throw new BrokerStartException(
          "The broker of %s did not start: %s".formatted(asked.dataDir(), e.getMessage()), e);
    } finally {
      if (!started) {
        lock.close();
      }
    }
  }

  private static void startOrShutDown(KafkaRaftServer server) {
    boolean started = false;
    try {
      server.startup();
      started = true;
    } finally {
      if (!started) {
        server.shutdown();
      }
    }
  }

  /**
   * Formats beside the final place and renames, so that a crash on the way leaves either no log
   * directory or a whole one.
   */
  private static void formatOnce(BrokerConfig config) throws Exception {
    Path log = config.logDir();
    if (Files.exists(log)) {
      return;
    }
    Path unfinished = log.resolveSibling("log.unfinished");
    Tree.delete(unfinished);
    Files.createDirectory(unfinished);
    Formatter formatter = new Formatter();
    formatter.setPrintStream(new PrintStream(OutputStream.nullOutputStream()));
    formatter.setNodeId(BrokerConfig.NODE_ID);
    formatter.setClusterId(Uuid.randomUuid().toString());
    formatter.addDirectory(unfinished.toString());
    formatter.setMetadataLogDirectory(unfinished.toString());
    formatter.setReleaseVersion(MetadataVersion.latestProduction());
    formatter.setSupportedFeatures(List.copyOf(Feature.PRODUCTION_FEATURES));
    formatter.setControllerListenerName(BrokerConfig.CONTROLLER_LISTENER);
    // A dynamic quorum, though of one: the same directory can later grow to three controllers.
    formatter.setHasDynamicQuorum(true);
    formatter.setInitialControllers(
        DynamicVoters.parse(
            "%d@%s:%d:%s"
                .formatted(
                    BrokerConfig.NODE_ID,
                    BrokerConfig.CONTROLLER_HOST,
                    config.controllerPort(),
                    Uuid.randomUuid())));
    formatter.run();
    Files.move(unfinished, log, StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.syncDirectory(config.dataDir());
  }

  private static String readClusterId(BrokerConfig config) throws IOException {
    Path file = config.logDir().resolve("meta.properties");
    if (!Files.exists(file)) {
      throw new BrokerStartException(
          "%s is missing, so %s is no broker's log or a damaged one: restore it from a copy, or move it away to begin with an empty log"
              .formatted(file, config.logDir()));
    }
    Properties meta = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      meta.load(in);
    }
    return meta.getProperty("cluster.id", "");
  }

  public String bootstrapServers() {
    return config.bootstrapServers();
  }

  /** Chosen when the directory was formatted; tells one broker's data from another's. */
  public String clusterId() {
    return clusterId;
  }

  /** With the ports that are in use. */
  public BrokerConfig config() {
    return config;
  }

  /** Returns when the broker has been shut down. */
  public void awaitShutdown() {
    server.awaitShutdown();
  }

  /** Closes the logs, so that the next start need not check them. */
  @Override
  public void close() {
    try {
      server.shutdown();
      server.awaitShutdown();
    } finally {
      lock.close();
    }
  }
}
