package dev.holdfast.schemas.codec;

import dev.holdfast.schemas.job.JobSpec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells a repeated submission from another job: SHA-256 of the spec's JSON, first 32 hex digits.
 */
public final class SpecDigest {
  private SpecDigest() {}

  public static String of(JobSpec spec) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Serdes.SPEC.write(spec));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
