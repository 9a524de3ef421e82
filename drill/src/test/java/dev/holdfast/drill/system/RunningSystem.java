package dev.holdfast.drill.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.drill.chaos.Systems;
import dev.holdfast.standalone.cli.Api;
import dev.holdfast.standalone.demo.DemoRepository;
import dev.holdfast.standalone.demo.Leftovers;
import dev.holdfast.standalone.supervise.DataDirLock;
import dev.holdfast.standalone.supervise.Supervisor;
import dev.holdfast.standalone.up.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The system under test: one for all test classes that name this extension. */
public final class RunningSystem implements ParameterResolver {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Set<String> TERMINAL =
      Set.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT");

  /** What tests are handed. */
  record Running(
      Path directory, Plan plan, Supervisor supervisor, Path repository, DataDirLock lock)
      implements AutoCloseable {
    Api api() {
      return new Api(plan.url());
    }

    /** Submits {@code sh -c script}, with a repository if one is given. */
    String submit(String script, @Nullable String repository, @Nullable String ref) {
      ObjectNode spec = JSON.createObjectNode();
      spec.putArray("command").add("sh").add("-c").add(script);
      if (repository != null) {
        ObjectNode where = spec.putObject("repository").put("url", repository);
        if (ref != null) {
          where.put("ref", ref);
        }
      }
      return submit(spec);
    }

    String submit(JsonNode spec) {
      return api().post("/v1/jobs", Map.of(), spec).path("id").asText();
    }

    JsonNode job(String id) {
      return api().get("/v1/jobs/" + id);
    }

    JsonNode awaitEnd(String id) {
      return Awaitility.await("the end of " + id)
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> job(id), job -> TERMINAL.contains(job.path("state").asText()));
    }

    HttpResponse<InputStream> output(String id, String query) {
      return api().stream("/v1/jobs/" + id + "/output?" + query, Map.of());
    }

    byte[] stdout(String id) throws IOException {
      try (InputStream body = output(id, "stream=stdout").body()) {
        return body.readAllBytes();
      }
    }

    @Override
    public void close() {
      supervisor.close();
      lock.close();
      new Leftovers(directory).end();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Running.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(RunningSystem.class))
        .computeIfAbsent(Running.class, type -> start(), Running.class);
  }

  private static Running start() {
    try {
      Path directory = Files.createTempDirectory("holdfast-system").toRealPath();
      Plan plan = Systems.plan(directory, 2, 4, false, Duration.ofSeconds(2));
      DataDirLock lock = DataDirLock.take(directory, "up");
      var supervisor = new Supervisor(lock, event -> {});
      Systems.start(supervisor, plan);
      return new Running(
          directory,
          plan,
          supervisor,
          DemoRepository.create(directory.resolve("repository")),
          lock);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
