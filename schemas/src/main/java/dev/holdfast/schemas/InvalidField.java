package dev.holdfast.schemas;

/**
 * A value that breaks its schema, with the path of the field at fault.
 *
 * <p>Thrown by compact constructors and by the codec; whoever takes values from outside turns it
 * into a rejection, a problem answer or a dead letter. It never stops a loop.
 */
public final class InvalidField extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Path from the outermost value, e.g. {@code spec.timeouts.run}; empty for the whole value. */
  private final String field;

  /** What is wrong and what would be right, without the field's name. */
  private final String problem;

  public InvalidField(String field, String problem) {
    super(describe(field, problem));
    this.field = field;
    this.problem = problem;
  }

  public String field() {
    return field;
  }

  public String problem() {
    return problem;
  }

  /** Field and problem in one sentence. */
  public String describe() {
    return describe(field, problem);
  }

  private static String describe(String field, String problem) {
    return field.isEmpty() ? problem : field + ": " + problem;
  }

  /** The same problem seen from the value that contains this one. */
  public InvalidField within(String parent) {
    return new InvalidField(field.isEmpty() ? parent : parent + "." + field, problem);
  }
}
