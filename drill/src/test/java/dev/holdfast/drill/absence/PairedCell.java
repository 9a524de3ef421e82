package dev.holdfast.drill.absence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.holdfast.drill.chaos.Systems;
import dev.holdfast.standalone.cli.Api;
import dev.holdfast.standalone.demo.Leftovers;
import dev.holdfast.standalone.supervise.ChildSpec;
import dev.holdfast.standalone.supervise.DataDirLock;
import dev.holdfast.standalone.supervise.ReadinessProbe;
import dev.holdfast.standalone.supervise.Supervisor;
import dev.holdfast.standalone.up.Plan;
import dev.holdfast.standalone.up.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A cell with two coordinators and two monitors, which keep standby replicas for each other. Each
 * of the four has a {@link Gate} of its own between it and the broker: the broker calls itself
 * {@code localhost}, and each takes that for another address.
 */
record PairedCell(
    Plan plan,
    Supervisor supervisor,
    DataDirLock lock,
    Map<String, ChildSpec> twins,
    Map<String, Gate> gates)
    implements AutoCloseable {
  static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration MOMENT = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final List<String> PAIRED = List.of("coordinator", "monitor");

  static PairedCell start(Path directory, int workers, int slots) throws Exception {
    Plan plan = onLocalhost(Systems.plan(directory, workers, slots, true, HEARTBEAT));
    int port = plan.broker().port();
    Map<String, ChildSpec> twins = new TreeMap<>();
    Map<String, Gate> gates = new TreeMap<>();
    for (ChildSpec spec : plan.controlSpecs()) {
      if (PAIRED.contains(spec.name())) {
        for (String letter : List.of("a", "b")) {
          String address = "127.0.0." + (gates.size() + 2);
          String name = spec.name() + "-" + letter;
          gates.put(name, Gate.at(address, port));
          twins.put(name, twin(spec, name, directory.resolve(name), address));
        }
      }
    }
    DataDirLock lock = DataDirLock.take(directory, "test");
    var cell = new PairedCell(plan, new Supervisor(lock, event -> {}), lock, twins, gates);
    cell.start();
    return cell;
  }

  /** Its name is looked up by whoever connects, so that not all need to find the same. */
  private static Plan onLocalhost(Plan plan) {
    return new Plan(
        plan.data(),
        plan.broker().withHost("localhost", "localhost"),
        plan.cacheFlags(),
        plan.http(),
        plan.workers(),
        plan.slots(),
        plan.separate(),
        plan.heartbeat(),
        plan.staleAfter(),
        plan.drain());
  }

  private static ChildSpec twin(ChildSpec spec, String name, Path home, String address)
      throws IOException {
    Files.createDirectories(home);
    Path hosts = Files.writeString(home.resolve("hosts"), address + " localhost\n");
    var command = new ArrayList<>(spec.command());
    command.set(command.indexOf("--data") + 1, home.toString());
    command.add(1, "-Djdk.net.hosts.file=" + hosts);
    return new ChildSpec(
        name, command, Map.of("HOLDFAST_STANDBYS", "1"), spec.ready(), spec.stopWithin());
  }

  private void start() {
    Stream<ChildSpec> alone = plan.specs().filter(spec -> !PAIRED.contains(spec.name()));
    CompletableFuture.allOf(
            Stream.concat(alone, twins.values().stream())
                .map(supervisor::start)
                .toArray(CompletableFuture[]::new))
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
    var workers = new Workers(plan.url());
    await("the workers").atMost(PATIENCE).until(() -> workers.present() == plan.workers());
    awaitBoth("coordinator");
    awaitBoth("monitor");
  }

  Api api() {
    return new Api(plan.url());
  }

  String bootstrap() {
    return plan.broker().bootstrapServers();
  }

  long pid(String name) {
    return supervisor.pid(name).orElseThrow();
  }

  Gate gate(String name) {
    return gates.get(name);
  }

  /** KILL, and nothing starts it again. */
  void kill(String name) throws InterruptedException {
    supervisor.abandon(name);
    supervisor.kill(name);
  }

  void startAgain(String name) {
    supervisor.start(twins.get(name));
  }

  void signal(String signal, String name) throws Exception {
    if (new ProcessBuilder("kill", "-" + signal, Long.toString(pid(name))).start().waitFor() != 0) {
      throw new IllegalStateException("there is no " + name + " to send " + signal);
    }
  }

  /** Both of a pair say that they run. */
  void awaitBoth(String role) {
    for (String letter : List.of("a", "b")) {
      String name = role + "-" + letter;
      await(name + " to be ready")
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() ->
              ReadinessProbe.http(management(name).resolve("/health/ready")).ready(pid(name)));
    }
  }

  static String other(String name) {
    return name.endsWith("-a") ? name.replace("-a", "-b") : name.replace("-b", "-a");
  }

  /**
   * A metric by its tags, or whatever else makes several of it; what is not a number is not there.
   */
  Map<String, Double> metric(String name, String metric) {
    HttpRequest ask =
        HttpRequest.newBuilder(management(name).resolve("/metrics")).timeout(MOMENT).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(ask, HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(metric) && !line.endsWith("NaN"))
          .map(line -> line.split(" "))
          .collect(Collectors.toMap(parts -> parts[0], parts -> Double.valueOf(parts[1])));
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not tell its metrics", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private URI management(String name) {
    Path file = plan.data().resolve(name).resolve("management").resolve(name.replaceAll("-.$", ""));
    try {
      return URI.create("http://" + Files.readString(file, UTF_8).strip());
    } catch (IOException e) {
      throw new IllegalStateException(name + " has not said where it listens", e);
    }
  }

  @Override
  public void close() throws IOException {
    for (Gate gate : gates.values()) {
      gate.close();
    }
    supervisor.close();
    lock.close();
    new Leftovers(plan.data()).end();
  }
}
