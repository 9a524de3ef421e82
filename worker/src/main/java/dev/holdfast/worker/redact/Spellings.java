package dev.holdfast.worker.redact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The ways in which a program is likely to print a secret, each as a sequence of bytes. */
final class Spellings {
  /** Less is not a secret: masking it would only make the output unreadable. */
  static final int FEWEST_BYTES = 4;

  /** Where {@code base64} and PEM break their lines. */
  private static final List<Integer> LINE_LENGTHS = List.of(76, 64);

  private static final String UNRESERVED = "-._~";

  /** Latin 1 keeps one character for each byte, so that these compare by their bytes. */
  private final Set<String> found = new LinkedHashSet<>();

  private Spellings() {}

  /** All spellings of a secret of several lines, and of each of its lines. */
  static List<byte[]> of(byte[] secret) {
    var spellings = new Spellings();
    byte[] trimmed = withoutLineBreak(secret);
    spellings.addAllOf(trimmed);
    // Not as it is: the line break at its end is no secret, and output should keep its lines.
    spellings.addAllBase64(secret);
    for (String line : new String(trimmed, ISO_8859_1).split("\r\n|\n|\r")) {
      spellings.addAllOf(line.strip().getBytes(ISO_8859_1));
    }
    return spellings.found.stream().map(text -> text.getBytes(ISO_8859_1)).toList();
  }

  private static byte[] withoutLineBreak(byte[] secret) {
    int end = secret.length;
    while (end > 0 && (secret[end - 1] == '\n' || secret[end - 1] == '\r')) {
      end--;
    }
    return Arrays.copyOf(secret, end);
  }

  private void addAllOf(byte[] value) {
    if (value.length < FEWEST_BYTES) {
      return;
    }
    add(value);
    String hex = HexFormat.of().formatHex(value);
    add(hex);
    add(hex.toUpperCase(Locale.ROOT));
    add(percentEncoded(value, false, true));
    add(percentEncoded(value, false, false));
    add(percentEncoded(value, true, true));
    add(jsonEscaped(value));
    addAllBase64(value);
  }

  private void addAllBase64(byte[] value) {
    if (value.length < FEWEST_BYTES) {
      return;
    }
    for (int before = 0; before < 3; before++) {
      addBase64(Base64.getEncoder(), value, before);
      addBase64(Base64.getUrlEncoder(), value, before);
    }
    addLines(Base64.getEncoder().encodeToString(value));
  }

  /**
   * In Base64 a secret looks different depending on how many bytes stand before it, modulo 3, and
   * what stands before and after it takes part in its first and last character.
   */
  private void addBase64(Base64.Encoder encoder, byte[] value, int before) {
    byte[] shifted = new byte[before + value.length];
    System.arraycopy(value, 0, shifted, before, value.length);
    String text = encoder.withoutPadding().encodeToString(shifted);
    int from = before == 0 ? 0 : before + 1;
    int certain = shifted.length * 8 / 6;
    add(text.substring(from, certain));
    add(text.substring(from));
  }

  private void addLines(String base64) {
    for (int length : LINE_LENGTHS) {
      for (int from = 0; base64.length() > length && from < base64.length(); from += length) {
        add(base64.substring(from, Math.min(base64.length(), from + length)));
      }
    }
  }

  private static String percentEncoded(byte[] value, boolean form, boolean upper) {
    HexFormat hex = upper ? HexFormat.of().withUpperCase() : HexFormat.of();
    var text = new StringBuilder();
    for (byte b : value) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
        text.append(c);
      } else if (form && c == ' ') {
        text.append('+');
      } else {
        text.append('%').append(hex.toHexDigits(b));
      }
    }
    return text.toString();
  }

  private static byte[] jsonEscaped(byte[] value) {
    var bytes = new ByteArrayOutputStream();
    for (byte b : value) {
      switch (b) {
        case '"', '\\' -> {
          bytes.write('\\');
          bytes.write(b);
        }
        case '\n' -> bytes.writeBytes("\\n".getBytes(US_ASCII));
        case '\r' -> bytes.writeBytes("\\r".getBytes(US_ASCII));
        case '\t' -> bytes.writeBytes("\\t".getBytes(US_ASCII));
        default -> bytes.write(b);
      }
    }
    return bytes.toByteArray();
  }

  private void add(byte[] spelling) {
    if (spelling.length >= FEWEST_BYTES) {
      found.add(new String(spelling, ISO_8859_1));
    }
  }

  private void add(String ascii) {
    add(ascii.getBytes(UTF_8));
  }
}
