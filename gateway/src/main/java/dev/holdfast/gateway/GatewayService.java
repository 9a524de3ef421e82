package dev.holdfast.gateway;

import dev.holdfast.gateway.blob.KafkaBlobLog;
import dev.holdfast.gateway.command.Accepted;
import dev.holdfast.gateway.command.CellRequests;
import dev.holdfast.gateway.command.KafkaCommands;
import dev.holdfast.gateway.command.Submissions;
import dev.holdfast.gateway.fleet.Fleet;
import dev.holdfast.gateway.fleet.LogTime;
import dev.holdfast.gateway.http.ApiServer;
import dev.holdfast.gateway.http.News;
import dev.holdfast.gateway.http.Views;
import dev.holdfast.gateway.log.KafkaLogSource;
import dev.holdfast.gateway.log.LogSink;
import dev.holdfast.gateway.log.LogTail;
import dev.holdfast.gateway.log.RecordReader;
import dev.holdfast.gateway.log.Subscribers;
import dev.holdfast.gateway.log.TopicsReady;
import dev.holdfast.gateway.output.KafkaChunkLog;
import dev.holdfast.gateway.output.OutputReader;
import dev.holdfast.gateway.output.OutputView;
import dev.holdfast.gateway.output.RecentChunks;
import dev.holdfast.gateway.progress.ProgressBoard;
import dev.holdfast.gateway.view.JobsView;
import dev.holdfast.runtime.Service;
import dev.holdfast.runtime.config.Address;
import dev.holdfast.runtime.health.Health;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.topic.CellTopic;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway in this JVM. It starts without Kafka too: the views answer with what they hold, and
 * readiness tells what is missing.
 */
public final class GatewayService implements Service {
  private static final Logger log = LoggerFactory.getLogger(GatewayService.class);
  private static final Duration DELIVERY = Duration.ofSeconds(15);

  /** What a broker that is away has not answered by then is not waited for. */
  private static final Duration MOMENT = Duration.ofSeconds(2);

  private static final long RECENT_BYTES = 32L * 1024 * 1024;

  /** Closed from the newest to the oldest. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private final Address address;

  private GatewayService(GatewayConfig config, PrometheusMeterRegistry metrics) {
    boolean started = false;
    try {
      this.address = open(config, metrics);
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  private Address open(GatewayConfig config, PrometheusMeterRegistry metrics) {
    String cell = config.cell().cell();
    InstantSource clock = InstantSource.system();
    var clients = new KafkaClients(config.cell().bootstrap());
    var admin = clients.admin();
    opened(() -> admin.close(MOMENT));
    var topics = opened(new TopicsReady(admin, config.cell()));
    topics.start();
    var records = opened(new RecordReader(() -> clients.consumer("holdfast-gateway-reader", null)));
    var jobNews = new Subscribers<JobId, JobEvent>();
    var cellNews = new Subscribers<String, CellEvent>();
    var outputNews = new Subscribers<JobId, Boolean>();

    var jobs = opened(JobsView.open(config.data().resolve("jobs.db"), jobNews, cellNews, clock));
    var recent =
        new RecentChunks(new KafkaChunkLog(records, CellTopic.OUTPUT.in(cell)), RECENT_BYTES);
    var output = opened(OutputView.open(config.data().resolve("output.db"), recent, outputNews));
    var time = new LogTime(clock.instant());
    var fleet = new Fleet(time);
    var progressNews = new Subscribers<JobId, Progress>();
    var progress = new ProgressBoard(progressNews, time);

    var jobsTail = tail(new KafkaLogSource(clients, admin, cell, CellTopic.EVENTS), jobs);
    var outputTail = tail(new KafkaLogSource(clients, admin, cell, CellTopic.OUTPUT), output);
    var progressTail =
        tail(new KafkaLogSource(clients, admin, cell, CellTopic.HEARTBEATS), progress);
    var fleetTail = tail(new KafkaLogSource(clients, admin, cell, CellTopic.WORKERS), fleet);

    var commands =
        opened(
            new KafkaCommands(
                clients.producer("holdfast-gateway", DELIVERY), CellTopic.COMMANDS.in(cell)));
    ExecutorService blocking = opened(Executors.newFixedThreadPool(4, GatewayService::thread));
    var accepted = new Accepted(jobNews);
    var waiting = new Submissions.Waiting(config.decisionWait(), clock, blocking);
    var submissions = new Submissions(commands, jobNews, jobs.queries(), accepted, waiting);
    var cellRequests = new CellRequests(commands, cellNews, jobs.cell(), waiting);

    var health = new Health();
    health.readiness("topics", topics::problem);
    health.readiness("events", jobsTail::problem);
    health.readiness("output", outputTail::problem);
    health.readiness("workers", fleetTail::problem);
    health.readiness("heartbeats", progressTail::problem);
    var views =
        new Views(
            jobs.queries(),
            jobs.cell(),
            accepted,
            output.queries(),
            new OutputReader(output.queries(), recent),
            new KafkaBlobLog(records, CellTopic.BLOBS.in(cell)),
            fleet,
            progress);
    var news = new News(jobNews, outputNews, progressNews, () -> outputTail.problem().isPresent());
    var server =
        opened(
            ApiServer.start(
                config.http(),
                new ApiServer.Parts(
                    views, news, submissions, cellRequests, health, metrics, clock)));
    return server.address();
  }

  /** Listens at once, and follows Kafka as soon as it can be reached. */
  public static GatewayService start(GatewayConfig config, PrometheusMeterRegistry metrics) {
    return new GatewayService(config, metrics);
  }

  @Override
  public String name() {
    return "gateway";
  }

  /** Its API; health and metrics are served there too. */
  @Override
  public Address management() {
    return address;
  }

  /** Nothing to wait for: it serves what it has, and follows Kafka as soon as it can. */
  @Override
  public void connect() {}

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.warn("a part of the gateway did not close: {}", e.toString());
      }
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  private LogTail tail(KafkaLogSource source, LogSink sink) {
    var tail = opened(new LogTail(source, sink));
    tail.start();
    return tail;
  }

  private static Thread thread(Runnable work) {
    return Thread.ofPlatform().name("gateway-ask").unstarted(work);
  }
}
