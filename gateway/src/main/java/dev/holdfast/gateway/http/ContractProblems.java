package dev.holdfast.gateway.http;

import dev.holdfast.gateway.http.Problem.FieldError;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says which field of a request breaks the contract. Pure. */
final class ContractProblems {
  private static final int MOST_ERRORS = 20;
  private static final Pattern PARAMETER =
      Pattern.compile("(?:path|query|header|cookie) parameter (\\S+)");

  private static final Pattern MISSING = Pattern.compile("required property \"([^\"]+)\"");

  private ContractProblems() {}

  static Problem of(ValidatorException failure) {
    String message = String.valueOf(failure.getMessage());
    Matcher parameter = PARAMETER.matcher(message);
    if (parameter.find()) {
      return Problem.field(parameter.group(1), message);
    }
    List<FieldError> errors =
        failure instanceof SchemaValidationException schema
            ? errors(schema.getOutputUnit())
            : List.of();
    if (errors.isEmpty()) {
      return Problem.field("", message);
    }
    FieldError first = errors.getFirst();
    return Problem.of(
            ProblemCode.INVALID_FIELD,
            first.field().isEmpty() ? first.problem() : first.field() + ": " + first.problem())
        .with(errors);
  }

  /** The deepest comes first: what lies above it only repeats that something below is wrong. */
  private static List<FieldError> errors(OutputUnit unit) {
    List<OutputUnit> all = unit.getErrors() == null ? List.of() : unit.getErrors();
    List<OutputUnit> own = all.stream().filter(error -> !repeats(error)).toList();
    return (own.isEmpty() ? all : own)
        .stream()
            .sorted(Comparator.comparing(error -> -depth(error.getInstanceLocation())))
            .map(ContractProblems::error)
            .distinct()
            .limit(MOST_ERRORS)
            .toList();
  }

  private static boolean repeats(OutputUnit error) {
    return error
        .getError()
        .matches("(?s)(Property|Item|Items|Additional).* does not match .*schema.*");
  }

  private static FieldError error(OutputUnit unit) {
    String field = field(unit.getInstanceLocation());
    Matcher missing = MISSING.matcher(unit.getError());
    return missing.find()
        ? new FieldError(
            field.isEmpty() ? missing.group(1) : field + "." + missing.group(1), "is required")
        : new FieldError(field, unit.getError());
  }

  private static int depth(String location) {
    return (int) location.chars().filter(c -> c == '/').count();
  }

  /** {@code #/command/0} is {@code command[0]}. */
  private static String field(String location) {
    return location
        .replaceFirst("^#?/?", "")
        .replaceAll("/(\\d+)(?=/|$)", "[$1]")
        .replace('/', '.')
        .replace("~1", "/")
        .replace("~0", "~");
  }
}
