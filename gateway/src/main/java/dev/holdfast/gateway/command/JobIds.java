package dev.holdfast.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.schemas.job.JobId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/** Ids for jobs whose client did not choose one. Pure. */
public final class JobIds {
  /**
   * Base 32 without the letters that look like digits; sorts as the numbers do. Source: Crockford.
   */
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

  private static final int KEY_DIGITS = 26;
  private static final int TIME_DIGITS = 10;
  private static final int RANDOM_DIGITS = 16;

  private JobIds() {}

  /** The same key gives the same id, so that a repeated request is the same job. */
  public static JobId ofKey(String idempotencyKey) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(idempotencyKey.getBytes(UTF_8));
      return new JobId("k-" + base32(hash, KEY_DIGITS));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Ids that sort by time and cannot be guessed.
   *
   * @param random at least 10 bytes
   */
  public static JobId at(Instant now, byte[] random) {
    long time = now.toEpochMilli();
    var digits = new StringBuilder("j-");
    for (int i = TIME_DIGITS - 1; i >= 0; i--) {
      digits.append(DIGITS.charAt((int) (time >>> (5 * i)) & 31));
    }
    return new JobId(digits + base32(random, RANDOM_DIGITS));
  }

  /** The first digits of a number given in bytes. */
  private static String base32(byte[] bytes, int digits) {
    var text = new StringBuilder();
    for (int digit = 0; digit < digits; digit++) {
      int value = 0;
      for (int bit = digit * 5; bit < digit * 5 + 5; bit++) {
        value = value << 1 | (bytes[bit / 8] >> (7 - bit % 8) & 1);
      }
      text.append(DIGITS.charAt(value));
    }
    return text.toString();
  }
}
