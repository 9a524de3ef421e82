package dev.holdfast.worker.container;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.UnauthorizedException;
import dev.holdfast.worker.container.EngineException.Code;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells what a failed call means. The engine often says so in words alone. */
final class EngineFaults {
  private static final List<String> FULL = List.of("no space left");
  private static final List<String> NOT_LET_IN =
      List.of(
          "unauthorized",
          "authentication required",
          "no basic auth credentials",
          "incorrect username or password",
          "access denied",
          "denied:",
          "forbidden");
  private static final List<String> NOT_THERE =
      List.of("manifest unknown", "no such image", "not found", "name unknown");
  private static final List<String> NOT_REACHED =
      List.of(
          "connection refused",
          "no such host",
          "i/o timeout",
          "timeout exceeded",
          "tls handshake",
          "network is unreachable",
          "no route to host",
          "connection reset",
          "server misbehaving",
          "unexpected eof",
          "toomanyrequests",
          "502 bad gateway",
          "503 service");

  private EngineFaults() {}

  static EngineException of(String what, @Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof EngineException known) {
        return known;
      }
      if (cause instanceof IOException) {
        return new EngineException(Code.UNREACHABLE, what + ": " + cause, cause);
      }
      if (cause instanceof DockerException answer) {
        return answered(what, answer);
      }
    }
    return new EngineException(Code.REFUSED, what + ": " + failure, failure);
  }

  private static EngineException answered(String what, DockerException answer) {
    String text = String.valueOf(answer.getMessage()).strip();
    Code code =
        has(text.toLowerCase(Locale.ROOT), FULL)
            ? Code.NO_SPACE
            : answer instanceof UnauthorizedException ? Code.UNAUTHORIZED : Code.REFUSED;
    return new EngineException(code, what + ": " + text, answer);
  }

  /** What the engine's words about a pull mean. */
  static EngineException ofPull(String reference, String words, @Nullable Throwable failure) {
    return new EngineException(pullCode(words), "pull of " + reference + ": " + words, failure);
  }

  private static Code pullCode(String words) {
    String text = words.toLowerCase(Locale.ROOT);
    if (has(text, FULL)) {
      return Code.NO_SPACE;
    }
    if (has(text, NOT_LET_IN)) {
      return Code.UNAUTHORIZED;
    }
    if (has(text, NOT_REACHED)) {
      return Code.REGISTRY_UNREACHABLE;
    }
    return has(text, NOT_THERE) ? Code.IMAGE_NOT_FOUND : Code.REFUSED;
  }

  private static boolean has(String text, List<String> words) {
    return words.stream().anyMatch(text::contains);
  }
}
