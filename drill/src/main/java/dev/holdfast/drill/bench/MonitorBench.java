package dev.holdfast.drill.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.holdfast.drill.chaos.Systems;
import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.kafka.CellTopics;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.topic.CellTopic;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.standalone.supervise.ChildSpec;
import dev.holdfast.standalone.supervise.DataDirLock;
import dev.holdfast.standalone.supervise.Supervisor;
import dev.holdfast.standalone.up.Plan;
import java.io.IOException;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One monitor process with a million open leases: heartbeats per second, how soon who falls silent
 * is found, memory, and how long it takes to watch again after kill -9. There is no coordinator:
 * this program opens the leases and beats for all jobs. Arguments: number of jobs, a directory.
 */
public final class MonitorBench {
  private static final String CELL = "main";
  private static final int JOBS = 1_000_000;
  private static final int SILENT = 100;
  private static final WorkerId WORKER = new WorkerId("bench");
  private static final Token TOKEN = new Token(1);
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final Duration STEP = Duration.ofMillis(100);

  private final int jobs;
  private final Plan plan;
  private final KafkaClients clients;
  private final byte[] beat =
      Serdes.LEASE.write(new LeaseRecord.Heartbeat(TOKEN, WORKER, Phase.RUNNING, Liveness.DEFAULT));

  private MonitorBench(int jobs, Plan plan) {
    this.jobs = jobs;
    this.plan = plan;
    this.clients = new KafkaClients(plan.broker().bootstrapServers());
  }

  public static void main(String[] args) throws Exception {
    int jobs = args.length > 0 ? Integer.parseInt(args[0]) : JOBS;
    Path directory =
        args.length > 1
            ? Files.createDirectories(Path.of(args[1])).toRealPath()
            : Files.createTempDirectory("holdfast-bench-monitor").toRealPath();
    Duration heartbeat = Liveness.DEFAULT.heartbeat();
    var cell = Systems.plan(directory, 0, 1, true, heartbeat);
    Plan plan =
        new Plan(
            directory,
            cell.broker(),
            cell.cacheFlags(),
            cell.http(),
            0,
            1,
            true,
            heartbeat.toString(),
            Liveness.DEFAULT.staleAfter().toString(),
            cell.drain());
    try (DataDirLock lock = DataDirLock.take(directory, "up");
        var supervisor = new Supervisor(lock, event -> {})) {
      new MonitorBench(jobs, plan).run(supervisor);
    }
  }

  private void run(Supervisor supervisor) throws Exception {
    System.out.printf("load average before %s", Files.readString(Path.of("/proc/loadavg")));
    supervisor.start(plan.brokerSpec()).join();
    try (Admin admin = clients.admin();
        Producer<String, byte[]> producer = clients.producer("bench", PATIENCE)) {
      CellTopics.ensure(
          admin,
          new CellConfig(CELL, plan.broker().bootstrapServers(), Liveness.DEFAULT),
          PATIENCE);
      supervisor.start(monitor());
      awaitTrue("the monitor", () -> leases() == 0 && clocks() > 0);

      long began = System.nanoTime();
      byte[] opened =
          Serdes.LEASE.write(new LeaseRecord.Opened(TOKEN, 1, WORKER, Liveness.DEFAULT));
      send(producer, 0, jobs, opened);
      awaitTrue("all leases", () -> leases() == jobs);
      rate("leases opened", began);
      memory(supervisor, "leases open");

      began = System.nanoTime();
      send(producer, 0, jobs, beat);
      awaitTrue("all heartbeats to be read", () -> lag(admin) < jobs / 1000);
      rate("heartbeats taken, as fast as it can", began);

      detect(producer);
      memory(supervisor, "after the load");
      System.out.printf("behind by                          %,d records%n", lag(admin));

      began = System.nanoTime();
      supervisor.kill("monitor");
      Files.deleteIfExists(managementFile());
      awaitTrue("all leases after kill -9", () -> leases() >= jobs - SILENT);
      System.out.printf(
          "kill -9 to all leases watched        %,d ms, process start included%n", since(began));
    }
    System.out.printf("load average after  %s", Files.readString(Path.of("/proc/loadavg")));
  }

  /** As the plan has it, with the heap that so many leases need. */
  private ChildSpec monitor() {
    ChildSpec spec =
        plan.controlSpecs().stream()
            .filter(each -> each.name().equals("monitor"))
            .findFirst()
            .orElseThrow();
    var command = new ArrayList<>(spec.command());
    command.replaceAll(argument -> argument.equals("-Xmx256m") ? "-Xmx3g" : argument);
    return new ChildSpec(spec.name(), command, spec.environment(), spec.ready(), spec.stopWithin());
  }

  /**
   * All but a few go on to beat, each once in a heartbeat interval; the few are to be found one
   * stale-after later.
   */
  private void detect(Producer<String, byte[]> producer) throws InterruptedException {
    long stepsPerRound = Liveness.DEFAULT.heartbeat().dividedBy(STEP);
    int perStep = (int) Math.ceilDiv(jobs - SILENT, stepsPerRound);
    try (Consumer<String, byte[]> commands = clients.consumer("bench-commands", null)) {
      var partition = new TopicPartition(CellTopic.COMMANDS.in(CELL), 0);
      commands.assign(List.of(partition));
      commands.seekToEnd(List.of(partition));
      commands.position(partition);
      send(producer, 0, SILENT, beat);
      producer.flush();
      long fellSilent = System.nanoTime();
      long dueNanos = fellSilent + Liveness.DEFAULT.staleAfter().toNanos();
      var delays = new Histogram(3);
      int flaggedOthers = 0;
      int next = SILENT;
      long steps = 0;
      while (delays.getTotalCount() < SILENT && System.nanoTime() < dueNanos + PATIENCE.toNanos()) {
        int until = Math.min(jobs, next + perStep);
        send(producer, next, until, beat);
        next = until == jobs ? SILENT : until;
        steps++;
        long waitNanos = fellSilent + steps * STEP.toNanos() - System.nanoTime();
        for (var record : commands.poll(Duration.ofNanos(Math.max(0, waitNanos)))) {
          boolean silent = number(record.key()) < SILENT;
          if (silent && Serdes.COMMAND.read(record.value()) instanceof JobCommand.FlagStale) {
            delays.recordValue(Math.max(0, (System.nanoTime() - dueNanos) / 1_000_000));
          } else if (!silent) {
            flaggedOthers++;
          }
        }
      }
      double seconds = (System.nanoTime() - fellSilent) / 1e9;
      System.out.printf(
          "steady load                          %,.0f heartbeats/s for %.0f s%n",
          steps * (double) perStep / seconds, seconds);
      System.out.printf(
          "found after stale-after had passed   p50 %,d ms, last %,d ms of %d; %d others flagged%n",
          delays.getValueAtPercentile(50), delays.getMaxValue(), SILENT, flaggedOthers);
    }
  }

  private static int number(String job) {
    return Integer.parseInt(job.substring(job.lastIndexOf('-') + 1));
  }

  private static void send(Producer<String, byte[]> producer, int from, int to, byte[] value) {
    for (int i = from; i < to; i++) {
      producer.send(new ProducerRecord<>(CellTopic.HEARTBEATS.in(CELL), "job-" + i, value));
    }
  }

  private void rate(String what, long began) {
    long took = Math.max(1, since(began));
    System.out.printf("%-36s %,d in %,d ms: %,d/s%n", what, jobs, took, jobs * 1000L / took);
  }

  private long lag(Admin admin) throws ExecutionException, InterruptedException {
    var committed =
        admin
            .listConsumerGroupOffsets("holdfast." + CELL + ".monitor")
            .partitionsToOffsetAndMetadata()
            .get();
    try (Consumer<String, byte[]> consumer = clients.consumer("bench-ends", null)) {
      return consumer.endOffsets(committed.keySet()).entrySet().stream()
          .mapToLong(end -> end.getValue() - requireNonNull(committed.get(end.getKey())).offset())
          .sum();
    }
  }

  private double leases() throws IOException, InterruptedException {
    return metric("holdfast_leases{").values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private double clocks() throws IOException, InterruptedException {
    return metric("holdfast_log_clock_seconds{").size();
  }

  private Path managementFile() {
    return plan.data().resolve("management").resolve("monitor");
  }

  private Map<String, Double> metric(String prefix) throws IOException, InterruptedException {
    URI metrics =
        URI.create("http://" + Files.readString(managementFile(), UTF_8).strip() + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      var found = new TreeMap<String, Double>();
      http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(prefix) && !line.endsWith("NaN"))
          .map(line -> line.split(" "))
          .forEach(parts -> found.put(parts[0], Double.valueOf(parts[1])));
      return found;
    }
  }

  private static void awaitTrue(String what, Callable<Boolean> condition) throws Exception {
    long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() > giveUpAt) {
        throw new IllegalStateException(what + ": not within " + PATIENCE);
      }
      Thread.sleep(100);
    }
  }

  /** One that does not answer yet says no. */
  private static boolean holds(Callable<Boolean> condition) throws Exception {
    try {
      return condition.call();
    } catch (IOException e) {
      return false;
    }
  }

  private static void memory(Supervisor supervisor, String when) throws IOException {
    long pid = supervisor.pid("monitor").orElseThrow();
    String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
    long kilobytes = Long.parseLong(status.replaceAll("(?s).*VmRSS:\\s+(\\d+) kB.*", "$1"));
    System.out.printf("resident memory, %-20s %,d MB%n", when, kilobytes / 1024);
  }

  private static long since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }
}
