package dev.holdfast.worker.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A secret's name and value. Prints as its name alone. */
public final class Secret {
  private final String name;
  private final byte[] value;

  Secret(String name, byte[] value) {
    this.name = name;
    this.value = value;
  }

  public String name() {
    return name;
  }

  /** The value, byte for byte as it is stored. */
  public byte[] bytes() {
    return value.clone();
  }

  /**
   * The value as text, without the one line break that editors and {@code echo} leave at its end.
   */
  public String text() {
    String text = new String(value, UTF_8);
    int end = text.length();
    if (end > 0 && text.charAt(end - 1) == '\n') {
      end--;
      if (end > 0 && text.charAt(end - 1) == '\r') {
        end--;
      }
    }
    return text.substring(0, end);
  }

  @Override
  public String toString() {
    return "secret '" + name + "'";
  }
}
