package dev.holdfast.gateway.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.job.JobId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not served, as RFC 9457 tells it.
 *
 * @param detail what was expected, what was found, what to do next
 * @param code machine-readable, see docs/errors.md
 * @param field path of the field or name of the parameter at fault; null when it is not one
 * @param job the job that it is about; null when it is not about one
 * @param errors all fields at fault, when more is known than the first
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Problem(
    String type,
    String title,
    int status,
    String detail,
    String code,
    @Nullable String field,
    @Nullable String job,
    List<FieldError> errors) {

  Problem {
    errors = List.copyOf(errors);
  }

  /** One field at fault. */
  record FieldError(String field, String problem) {}

  static Problem of(ProblemCode code, String detail) {
    return of(code.status(), code.code(), code.title(), detail);
  }

  /** With a code of the coordinator's. */
  static Problem of(int status, String code, String title, String detail) {
    return new Problem(
        "urn:holdfast:problem:" + code, title, status, detail, code, null, null, List.of());
  }

  static Problem field(String field, String problem) {
    var error = new FieldError(field, problem);
    return of(ProblemCode.INVALID_FIELD, field.isEmpty() ? problem : field + ": " + problem)
        .with(List.of(error));
  }

  /** The first error names the field. */
  Problem with(List<FieldError> all) {
    String first = all.isEmpty() ? null : all.getFirst().field();
    return new Problem(type, title, status, detail, code, first, job, all);
  }

  Problem about(JobId id) {
    return new Problem(type, title, status, detail, code, field, id.value(), errors);
  }

  /** To be thrown, or failed with. */
  ProblemException exception() {
    return new ProblemException(this);
  }
}
