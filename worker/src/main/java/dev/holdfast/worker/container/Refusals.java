package dev.holdfast.worker.container;

import dev.holdfast.schemas.worker.WorkerId;

/** Codes and messages of outcomes that an engine causes; see docs/errors.md. */
public final class Refusals {
  private Refusals() {}

  /** The outcome's code. */
  public static String code(EngineException e) {
    return switch (e.code()) {
      case IMAGE_NOT_FOUND -> "image-not-found";
      case UNAUTHORIZED -> "image-unauthorized";
      case REGISTRY_UNREACHABLE -> "registry-unreachable";
      case UNREACHABLE, NO_SPACE, REFUSED, CANCELLED -> "container-failed";
    };
  }

  /** The outcome's message. */
  public static String message(EngineException e, WorkerId worker) {
    String todo =
        switch (e.code()) {
          case IMAGE_NOT_FOUND -> "check its name and tag; is it pushed?";
          case UNAUTHORIZED ->
              "give container.credentials the name of a secret that the worker has, as"
                  + " {\"username\", \"password\"} or user:password";
          case REGISTRY_UNREACHABLE -> "check the network from the worker; submit again";
          case UNREACHABLE, NO_SPACE, CANCELLED -> "look at the engine of that worker";
          case REFUSED -> "check the job's container and limits";
        };
    return "%s (on worker %s): %s".formatted(e.getMessage(), worker, todo);
  }
}
