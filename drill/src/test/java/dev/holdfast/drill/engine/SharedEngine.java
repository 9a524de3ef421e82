package dev.holdfast.drill.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One engine, with the images that stand in, for all test classes that name this extension. Where
 * none can be had they are skipped, with the reason.
 */
public final class SharedEngine implements ExecutionCondition, ParameterResolver {
  private static final List<String> PROGRAMS =
      List.of(
          "dockerd", "docker", "docker-compose", "iptables", "ip", "nsenter", "unshare", "busybox");

  /** Either the engine or why there is none; ended after the last test. */
  private record Attempt(@Nullable PrivateEngine engine, String reason) implements AutoCloseable {
    @Override
    public void close() {
      if (engine != null) {
        engine.close();
      }
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Attempt attempt = attempt(context);
    return attempt.engine() == null
        ? ConditionEvaluationResult.disabled(attempt.reason())
        : ConditionEvaluationResult.enabled("there is an engine");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PrivateEngine.class;
  }

  @Override
  public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return attempt(context).engine();
  }

  private static Attempt attempt(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedEngine.class))
        .computeIfAbsent(Attempt.class, type -> attempt(), Attempt.class);
  }

  private static Attempt attempt() {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      return new Attempt(null, missing.get());
    }
    PrivateEngine engine;
    try {
      engine = PrivateEngine.start();
    } catch (EngineUnavailable e) {
      return new Attempt(null, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean ready = false;
    try {
      StandIns.build(engine);
      ready = true;
      return new Attempt(engine, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!ready) {
        engine.close();
      }
    }
  }

  private static Optional<String> missing() {
    for (String program : PROGRAMS) {
      if (!installed(program)) {
        return Optional.of("needs " + program + " for a container engine of its own");
      }
    }
    if (Files.notExists(StandIns.libraries().resolve("holdfast.jar"))) {
      return Optional.of("needs what 'mvn package' leaves in " + StandIns.libraries());
    }
    try {
      new Shell(Path.of("/"), Map.of())
          .run(Duration.ofSeconds(10), "unshare", "--mount", "--pid", "--net", "--fork", "true");
      return Optional.empty();
    } catch (IllegalStateException e) {
      return Optional.of("needs to be root and to make namespaces: " + e.getMessage());
    }
  }

  private static boolean installed(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
