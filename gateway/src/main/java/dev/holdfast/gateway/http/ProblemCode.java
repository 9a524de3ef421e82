package dev.holdfast.gateway.http;

import java.util.Locale;

/** Everything that this API itself refuses. The coordinator's codes are passed on as they are. */
public enum ProblemCode {
  /** The body is not JSON: bad syntax, bad UTF-8, a key twice, nested too deeply. */
  INVALID_JSON(400, "The body is not valid JSON"),
  /** A field of the body or a parameter breaks its schema. */
  INVALID_FIELD(400, "A field is not valid"),
  /** The request as a whole cannot be understood. */
  BAD_REQUEST(400, "The request is not valid"),
  /** A browser page of another site sent it. */
  CROSS_ORIGIN(403, "Requests from other sites are refused"),
  /** No such path. */
  ROUTE_UNKNOWN(404, "There is nothing at this path"),
  /** No job of this id. */
  JOB_UNKNOWN(404, "There is no such job"),
  /** The job has no attempt of this number. */
  ATTEMPT_UNKNOWN(404, "The job has no such attempt"),
  /** The job left no file of this name. */
  RESULT_UNKNOWN(404, "The job left no such file"),
  /** The path exists, the method does not. */
  METHOD_NOT_ALLOWED(405, "This path does not take this method"),
  /** The body did not arrive in time. */
  REQUEST_TOO_SLOW(408, "The body did not arrive in time"),
  /** The log no longer holds the file whole. */
  RESULT_GONE(410, "The file is no longer kept"),
  /** The body is over the limit. */
  BODY_TOO_LARGE(413, "The body is too large"),
  /** The body is not said to be JSON. */
  UNSUPPORTED_MEDIA_TYPE(415, "The body must be application/json"),
  /** A bug of ours. */
  INTERNAL(500, "Something went wrong here"),
  /** Kafka did not confirm the command. */
  KAFKA_UNAVAILABLE(503, "Kafka did not confirm it"),
  /** Kafka has the command, the coordinator has not been heard. */
  NOT_DECIDED_YET(503, "The coordinator has not decided yet"),
  /** The view's file cannot be read or written. */
  VIEW_UNAVAILABLE(503, "The view cannot be read now"),
  /** Bytes cannot be read back from Kafka. */
  LOG_UNAVAILABLE(503, "Kafka cannot be read now"),
  /** Too many streams are open. */
  TOO_MANY_STREAMS(503, "Too many streams are open");

  private final int status;
  private final String title;

  ProblemCode(int status, String title) {
    this.status = status;
    this.title = title;
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /** As it is written in answers. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
