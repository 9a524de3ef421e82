package dev.holdfast.worker.quota;

/**
 * Text that can be looked at only so often: a stranger's regular expression must come to an end,
 * however it backtracks.
 */
final class BoundedText implements CharSequence {
  private static final long LOOKS_PER_CHARACTER = 200;
  private static final long LEAST_LOOKS = 100_000;

  private final String text;
  private final long[] left;

  /** Thrown when all looks are used up. */
  static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  BoundedText(String text) {
    this(text, new long[] {LEAST_LOOKS + LOOKS_PER_CHARACTER * text.length()});
  }

  private BoundedText(String text, long[] left) {
    this.text = text;
    this.left = left;
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    if (left[0]-- <= 0) {
      throw new Exhausted();
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new BoundedText(text.substring(start, end), left);
  }

  @Override
  public String toString() {
    return text;
  }
}
