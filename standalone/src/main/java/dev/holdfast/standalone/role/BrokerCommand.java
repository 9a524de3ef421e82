package dev.holdfast.standalone.role;

import dev.holdfast.runtime.config.Address;
import dev.holdfast.standalone.broker.BrokerConfig;
import dev.holdfast.standalone.broker.BrokerPorts;
import dev.holdfast.standalone.broker.BrokerRole;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "broker",
    mixinStandardHelpOptions = true,
    description = "Run the embedded Kafka broker (KRaft, one node).")
public final class BrokerCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".holdfast/data/broker",
      description = "Where the broker keeps its log (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of(".holdfast/data/broker");

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "Address for clients, remembered in the data directory"
              + " (default at the first start: 127.0.0.1:9092, or a free port if that is taken).")
  private @Nullable String listen;

  @Option(
      names = "--fsync",
      description = "Write each record through to the disk before it is acknowledged.")
  private boolean fsync;

  @Override
  public Integer call() {
    BrokerRole.run(BrokerPorts.settle(config(data, listen, fsync)));
    return 0;
  }

  /** The broker that these options ask for, its ports not settled yet. */
  public static BrokerConfig config(Path data, @Nullable String listen, boolean fsync) {
    BrokerConfig config = BrokerConfig.in(data).withFsyncEachAppend(fsync);
    if (listen == null) {
      return config;
    }
    Address address = Address.parse(listen);
    return config.withHost(address.host(), address.host()).withPort(address.port());
  }
}
