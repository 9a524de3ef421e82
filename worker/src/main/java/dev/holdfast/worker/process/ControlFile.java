package dev.holdfast.worker.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/**
 * A control file of a run directory: one line {@code holdfast1 <name> key=value ...
 * crc32=xxxxxxxx}. The checksum is the CRC-32 of all bytes before {@code " crc32="}. After the line
 * only spaces and line ends may follow: the exit record is written into a file of fixed size.
 *
 * <p>Keys are lower-case words; values are printable ASCII without spaces, and may be empty.
 */
public record ControlFile(String name, Map<String, String> values) {

  private static final String VERSION = "holdfast1";
  private static final String CHECKSUM = " crc32=";

  public ControlFile {
    if (!name.matches("[a-z]+")) {
      throw new IllegalArgumentException("A control file's name is a lower-case word: " + name);
    }
    values.forEach(ControlFile::check);
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  private static void check(String key, String value) {
    if (!key.matches("[a-z][a-z0-9_]*") || key.equals("crc32")) {
      throw new IllegalArgumentException("Not a key of a control file: " + key);
    }
    if (!value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "The value of " + key + " must be printable ASCII without spaces: " + value);
    }
  }

  /** A file with no values yet; {@link #with} adds them in the order in which they are written. */
  public static ControlFile named(String name) {
    return new ControlFile(name, Map.of());
  }

  public ControlFile with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(key, value);
    return new ControlFile(name, more);
  }

  public ControlFile with(String key, long value) {
    return with(key, Long.toString(value));
  }

  /** The value of a key that must be there. */
  public String text(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("File " + name + " has no " + key);
    }
    return value;
  }

  /** The value of a key that must be there and be a number, not below zero. */
  public long number(String key) {
    String value = text(key);
    if (!value.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException(
          "File " + name + " must have a number for " + key + ", not: " + value);
    }
    return Long.parseLong(value);
  }

  /** The value of a key that may be absent. */
  public OptionalLong optionalNumber(String key) {
    return values.containsKey(key) ? OptionalLong.of(number(key)) : OptionalLong.empty();
  }

  /** The bytes to write. */
  public byte[] render() {
    StringBuilder line = new StringBuilder(VERSION).append(' ').append(name);
    values.forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
    String checksum = checksum(line.toString());
    return line.append(CHECKSUM).append(checksum).append('\n').toString().getBytes(US_ASCII);
  }

  /** Reads the bytes of a file that is expected to have the given name in its line. */
  public static Reading<ControlFile> parse(String name, byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    int end = text.indexOf('\n');
    int checksumAt = text.lastIndexOf(CHECKSUM, Math.max(end, 0));
    if (end < 0 || checksumAt < 0) {
      return new Reading.Damaged<>("it is not one whole line with a checksum");
    }
    if (!text.substring(end).isBlank()) {
      return new Reading.Damaged<>("something other than padding follows its line");
    }
    String covered = text.substring(0, checksumAt);
    if (!text.substring(checksumAt + CHECKSUM.length(), end).equals(checksum(covered))) {
      return new Reading.Damaged<>("its checksum is wrong");
    }
    String[] words = covered.split(" ", -1);
    if (words.length < 2 || !words[0].equals(VERSION) || !words[1].equals(name)) {
      return new Reading.Damaged<>("it does not begin with: " + VERSION + " " + name);
    }
    return new Reading.Whole<>(words).map(ControlFile::fromWords);
  }

  private static ControlFile fromWords(String[] words) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 2; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("not of the form key=value: " + words[i]);
      }
      String key = words[i].substring(0, equals);
      if (values.put(key, words[i].substring(equals + 1)) != null) {
        throw new IllegalArgumentException("the key " + key + " is there twice");
      }
    }
    return new ControlFile(words[1], values);
  }

  private static String checksum(String covered) {
    CRC32 crc = new CRC32();
    crc.update(covered.getBytes(ISO_8859_1));
    return "%08x".formatted(crc.getValue());
  }
}
