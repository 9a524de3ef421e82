package dev.holdfast.worker.redact;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Which bytes of what an attempt prints and leaves must not be published. Immutable. */
public final class Mask {
  private static final byte STAR = '*';

  /** Of an attempt without secrets. */
  public static final Mask NONE = new Mask(null, false);

  /** Of an attempt whose secrets are no longer known: everything but line breaks. */
  public static final Mask EVERYTHING = new Mask(null, true);

  private final @Nullable Patterns patterns;
  private final boolean everything;

  private Mask(@Nullable Patterns patterns, boolean everything) {
    this.patterns = patterns;
    this.everything = everything;
  }

  /** Masks these secrets, however they are spelled. */
  public static Mask of(Collection<byte[]> secrets) {
    var spellings =
        secrets.stream().flatMap(secret -> Spellings.of(secret).stream()).distinct().toList();
    return spellings.isEmpty() ? NONE : new Mask(new Patterns(spellings), false);
  }

  /** Whether nothing is masked. */
  public boolean isNone() {
    return patterns == null && !everything;
  }

  /** How many bytes before or after a byte can decide whether it is masked. */
  int reach() {
    return patterns == null ? 0 : patterns.reach();
  }

  /** The same bytes, masked; what begins before or ends after them is not seen. */
  public byte[] bytes(byte[] source) {
    if (isNone()) {
      return source;
    }
    byte[] masked = source.clone();
    if (patterns != null) {
      patterns.cover(source, masked, STAR);
    } else {
      for (int i = 0; i < masked.length; i++) {
        masked[i] = masked[i] == '\n' ? masked[i] : STAR;
      }
    }
    return masked;
  }

  /** The same text, masked. */
  public String text(String source) {
    return isNone() ? source : new String(bytes(source.getBytes(UTF_8)), UTF_8);
  }

  /** Index of the first byte of a growing stream's end that a later byte may cause to be masked. */
  int openFrom(byte[] tail) {
    return patterns == null ? tail.length : patterns.openFrom(tail);
  }
}
