package dev.holdfast.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.gateway.JobFixtures;
import dev.holdfast.gateway.Logged;
import dev.holdfast.gateway.blob.BlobLog;
import dev.holdfast.gateway.command.Accepted;
import dev.holdfast.gateway.command.CellRequests;
import dev.holdfast.gateway.command.InMemoryCommands;
import dev.holdfast.gateway.command.Submissions;
import dev.holdfast.gateway.fleet.Fleet;
import dev.holdfast.gateway.fleet.LogTime;
import dev.holdfast.gateway.log.Subscribers;
import dev.holdfast.gateway.output.MemoryChunkLog;
import dev.holdfast.gateway.output.OutputReader;
import dev.holdfast.gateway.output.OutputView;
import dev.holdfast.gateway.output.RecentChunks;
import dev.holdfast.gateway.progress.ProgressBoard;
import dev.holdfast.gateway.view.JobsView;
import dev.holdfast.runtime.config.Address;
import dev.holdfast.runtime.health.Health;
import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.codec.SpecDigest;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** A real HTTP server over views that tests fill, with a client for it. */
final class Api implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final Subscribers<JobId, JobEvent> jobNews = new Subscribers<>();
  final Subscribers<String, CellEvent> cellNews = new Subscribers<>();
  final Subscribers<JobId, Boolean> outputNews = new Subscribers<>();
  final InMemoryCommands commands = new InMemoryCommands();
  final MemoryChunkLog chunks = new MemoryChunkLog();
  final Map<String, byte[]> blobs = new HashMap<>();
  final Health health = new Health();
  final AtomicReference<Instant> now = new AtomicReference<>(JobFixtures.START);
  final LogTime time = new LogTime(Instant.EPOCH);
  final Fleet fleet = new Fleet(time);
  final Subscribers<JobId, Progress> progressNews = new Subscribers<>();
  final ProgressBoard progress = new ProgressBoard(progressNews, time);
  final Logged heartbeats = new Logged(progress);
  final Logged workers = new Logged(fleet);
  final Address address;

  private final AtomicLong sequence = new AtomicLong();
  private final ExecutorService blocking = Executors.newFixedThreadPool(2);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final JobsView jobs;
  private final OutputView output;
  private final Logged events;
  private final Logged outputLog;
  private final ApiServer.Parts parts;
  private final ApiServer server;

  private Api(Path directory, Duration wait) {
    jobs = JobsView.open(directory.resolve("jobs.db"), jobNews, cellNews, now::get);
    output =
        OutputView.open(directory.resolve("output.db"), new RecentChunks(chunks, 0), outputNews);
    events = new Logged(jobs);
    outputLog = new Logged(output);
    var accepted = new Accepted(jobNews);
    var waiting = new Submissions.Waiting(wait, now::get, blocking);
    var submissions = new Submissions(commands, jobNews, jobs.queries(), accepted, waiting);
    var views =
        new Views(
            jobs.queries(),
            jobs.cell(),
            accepted,
            output.queries(),
            new OutputReader(output.queries(), chunks),
            (file, number, from) ->
                Optional.ofNullable(blobs.get(file.sha256() + "/" + number))
                    .map(bytes -> new BlobLog.Chunk(bytes, from + 1)),
            fleet,
            progress);
    parts =
        new ApiServer.Parts(
            views,
            new News(jobNews, outputNews, progressNews, () -> false),
            submissions,
            new CellRequests(commands, cellNews, jobs.cell(), waiting),
            health,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            now::get);
    server = ApiServer.start(new Address("127.0.0.1", 0), parts);
    address = server.address();
  }

  static Api start(Path directory) {
    return new Api(directory, Duration.ofMillis(300));
  }

  /** For tests in which a decision comes late but must be seen. */
  static Api patient(Path directory) {
    return new Api(directory, Duration.ofSeconds(20));
  }

  /** Puts events into the view, as the tail would. */
  synchronized void tell(JobEvent... told) {
    events.tell(
        Arrays.stream(told)
            .map(event -> new Logged.Entry(event.job().value(), Serdes.EVENT.write(event)))
            .toList());
  }

  /** The same for what is not about one job. */
  synchronized void tell(CellEvent told) {
    events.tell(
        List.of(
            new Logged.Entry(
                CellEvent.KEY_PREFIX + told.subject(), Serdes.CELL_EVENT.write(told))));
  }

  void output(String job, long token, long offset, String text) {
    output(
        job,
        new OutputChunk.Bytes(
            new Token(token), OutputStreamName.STDOUT, offset, text.getBytes(UTF_8)));
  }

  void output(String job, OutputChunk chunk) {
    outputLog.tell(chunks.add(job, chunk));
  }

  /** Accepts every submission and every cancel at once. */
  void coordinate() {
    commands.decidedBy(command -> {
      switch (command) {
        case JobCommand.Submit submit ->
            tell(
                new JobEvent.Submitted(
                    submit.job(),
                    now.get(),
                    Cause.by(submit.by()),
                    submit.spec(),
                    SpecDigest.of(submit.spec()),
                    sequence.incrementAndGet()));
        case JobCommand.Cancel cancel ->
            tell(JobFixtures.job(cancel.job().value()).cancelRequested(1, "asked"));
        default -> throw new IllegalStateException("unexpected " + command);
      }
    });
  }

  /** The operations that have a handler. */
  Set<String> operations() {
    Vertx vertx = Vertx.vertx();
    try (var threads = new Blocking(vertx)) {
      return ApiServer.operations(Contract.read(), parts, threads).stream()
          .map(Operation::id)
          .collect(Collectors.toSet());
    } finally {
      vertx.close();
    }
  }

  /** A request to be sent, with the answer as text. */
  HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET().build());
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  HttpResponse<String> put(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  HttpResponse<String> delete(String path) {
    return send(request(path).DELETE().build());
  }

  HttpResponse<String> post(String path, byte[] body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  HttpRequest.Builder request(String path, String... headers) {
    var builder = HttpRequest.newBuilder(URI.create("http://" + address + path));
    if (headers.length > 0) {
      builder.headers(headers);
    }
    return builder.timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> send(HttpRequest request) {
    return exchange(request, HttpResponse.BodyHandlers.ofString());
  }

  <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(response.body(), e);
    }
  }

  @Override
  public void close() {
    server.close();
    client.close();
    blocking.shutdownNow();
    jobs.close();
    output.close();
  }
}
