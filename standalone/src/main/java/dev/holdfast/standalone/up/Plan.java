package dev.holdfast.standalone.up;

import dev.holdfast.runtime.config.Address;
import dev.holdfast.runtime.config.Setting;
import dev.holdfast.standalone.Main;
import dev.holdfast.standalone.broker.BrokerConfig;
import dev.holdfast.standalone.broker.BrokerRole;
import dev.holdfast.standalone.supervise.ChildSpec;
import dev.holdfast.standalone.supervise.ReadinessProbe;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which processes make up the system, and how each is started.
 *
 * @param broker with its ports settled
 * @param cacheFlags that let every JVM start faster, or none
 * @param data what each of them keeps is in here
 * @param separate whether coordinator, monitor and gateway get a process each
 * @param heartbeat of the cell, as text
 * @param staleAfter of the cell, as text
 */
public record Plan(
    Path data,
    BrokerConfig broker,
    List<String> cacheFlags,
    Address http,
    int workers,
    int slots,
    boolean separate,
    String heartbeat,
    String staleAfter,
    Duration drain) {

  private static final List<String> QUIET =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-XX:+ExitOnOutOfMemoryError");

  public ChildSpec brokerSpec() {
    var args = new ArrayList<>(List.of("broker", "--data", data.resolve("broker").toString()));
    args.addAll(List.of("--listen", new Address(broker.host(), broker.port()).toString()));
    if (broker.fsyncEachAppend()) {
      args.add("--fsync");
    }
    var flags = new ArrayList<>(BrokerRole.jvmFlags());
    flags.addAll(cacheFlags);
    return ChildSpec.jvm("broker", flags, Main.class.getName(), args)
        .readyWhen(ReadinessProbe.tcp(broker.advertisedHost(), broker.port()))
        .stoppedWithin(Duration.ofSeconds(15));
  }

  /** Coordinator, monitor and gateway, together or apart. */
  public List<ChildSpec> controlSpecs() {
    if (!separate) {
      return List.of(
          role("control", "control", data, 384, List.of("--http", http.toString()))
              .readyWhen(gatewayReady()));
    }
    return List.of(
        role("coordinator", "coordinator", data, 256, List.of()),
        role("monitor", "monitor", data, 256, List.of()),
        role("gateway", "gateway", data, 256, List.of("--http", http.toString()))
            .readyWhen(gatewayReady()));
  }

  public List<ChildSpec> workerSpecs() {
    return IntStream.rangeClosed(1, workers)
        .mapToObj(n ->
            role(
                    "worker-" + n,
                    "worker",
                    data.resolve("workers").resolve("worker-" + n),
                    256,
                    workerArgs(n))
                .stoppedWithin(drain.plusSeconds(15)))
        .toList();
  }

  private List<String> workerArgs(int number) {
    var args =
        new ArrayList<>(
            List.of(
                "--name",
                "worker-" + number,
                "--slots",
                Integer.toString(slots),
                "--drain",
                drain.toString()));
    // All workers of one system have the same, unless the environment, which they inherit, says so.
    shared(args, Setting.SECRETS, "--secrets", "secrets");
    shared(args, Setting.AGENT_FILES, "--agent-files", "agent-files");
    return args;
  }

  private void shared(List<String> args, Setting setting, String option, String directory) {
    if (System.getenv(setting.key()) == null) {
      args.addAll(List.of(option, data.resolve(directory).toString()));
    }
  }

  /** Everything. All may be started at once: who needs the broker waits for it. */
  public Stream<ChildSpec> specs() {
    return Stream.of(List.of(brokerSpec()), controlSpecs(), workerSpecs()).flatMap(List::stream);
  }

  public List<String> names() {
    return specs().map(ChildSpec::name).toList();
  }

  /** Where a child writes what it does. */
  Path log(String name) {
    return data.resolve("logs").resolve(name + ".log");
  }

  public URI url() {
    String host = http.host().equals("0.0.0.0") ? "127.0.0.1" : http.host();
    return URI.create("http://" + new Address(host, http.port()));
  }

  private ReadinessProbe gatewayReady() {
    return ReadinessProbe.http(url().resolve("/health/ready"));
  }

  private ChildSpec role(
      String name, String command, Path home, int heapMebibytes, List<String> more) {
    var flags = new ArrayList<>(QUIET);
    flags.addAll(cacheFlags);
    flags.add("-Xmx" + heapMebibytes + "m");
    var args =
        new ArrayList<>(
            List.of(
                command,
                "--bootstrap",
                broker.bootstrapServers(),
                "--data",
                home.toString(),
                "--heartbeat",
                heartbeat,
                "--stale-after",
                staleAfter));
    args.addAll(more);
    return ChildSpec.jvm(name, flags, Main.class.getName(), args)
        .stoppedWithin(Duration.ofSeconds(15));
  }
}
