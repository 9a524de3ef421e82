package dev.holdfast.worker.secret;

import dev.holdfast.schemas.Require;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * What {@code secrets.json} in a run directory says: which secrets the attempt was given, without
 * their values.
 */
public record Given(List<Entry> entries) {
  private static final int SALT_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  public Given {
    entries = entries == null ? List.of() : List.copyOf(entries);
  }

  /** One secret; the digest tells whether the store still has the value that was given. */
  public record Entry(String name, String salt, String sha256) {
    public Entry {
      Require.present("name", name);
      Require.present("salt", salt);
      Require.present("sha256", sha256);
    }

    static Entry of(Secret secret) {
      var salt = new byte[SALT_BYTES];
      RANDOM.nextBytes(salt);
      String text = HexFormat.of().formatHex(salt);
      return new Entry(secret.name(), text, digest(text, secret));
    }

    boolean is(Secret secret) {
      return sha256.equals(digest(salt, secret));
    }

    private static String digest(String salt, Secret secret) {
      try {
        var sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update(HexFormat.of().parseHex(salt));
        return HexFormat.of().formatHex(sha256.digest(secret.bytes()));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }
}
