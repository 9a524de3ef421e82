package dev.holdfast.worker.run;

import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.codec.JsonSerde;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A JSON value with its checksum on a line of its own: readable by people, refused when a byte of
 * it has changed.
 */
public final class SealedJson<T> {
  private static final int SEAL_BYTES = "\ncrc32=00000000\n".length();

  private final JsonSerde<T> serde;

  /** For values of a type with a published JSON form. */
  public SealedJson(Class<T> type) {
    this.serde = JsonSerde.lenient(type);
  }

  /** The value's bytes, ready to be written. */
  public byte[] seal(T value) {
    byte[] json = serde.write(value);
    byte[] seal = sealOf(json, json.length);
    byte[] all = Arrays.copyOf(json, json.length + seal.length);
    System.arraycopy(seal, 0, all, json.length, seal.length);
    return all;
  }

  /**
   * Checks and reads.
   *
   * @throws InvalidField if the checksum does not match, or the value breaks its schema
   */
  public T open(byte[] bytes) {
    int length = bytes.length - SEAL_BYTES;
    if (length < 0
        || !Arrays.equals(sealOf(bytes, length), 0, SEAL_BYTES, bytes, length, bytes.length)) {
      throw new InvalidField("", "does not match its checksum");
    }
    return serde.read(Arrays.copyOf(bytes, length));
  }

  private static byte[] sealOf(byte[] bytes, int length) {
    var crc = new CRC32();
    crc.update(bytes, 0, length);
    return "\ncrc32=%08x\n".formatted(crc.getValue()).getBytes(StandardCharsets.US_ASCII);
  }
}
