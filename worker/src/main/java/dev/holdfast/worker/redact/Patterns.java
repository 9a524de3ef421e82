package dev.holdfast.worker.redact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds any of many byte sequences of {@link Spellings#FEWEST_BYTES} bytes or more. Immutable. */
final class Patterns {
  /** A longer sequence is looked for piece by piece: it bounds how much must be looked back at. */
  private static final int MOST_BYTES = 512;

  private static final int FILTER_BITS = 1 << 16;

  private final Map<Integer, List<byte[]>> byHead = new HashMap<>();
  private final BitSet filter = new BitSet(FILTER_BITS);

  /** What one to three bytes at the end of a stream may be the beginning of a pattern. */
  private final Set<Integer> beginnings = new HashSet<>();

  private int longest;

  Patterns(Collection<byte[]> sequences) {
    sequences.forEach(this::addPieces);
  }

  private void addPieces(byte[] sequence) {
    for (int from = 0; from < sequence.length; from += MOST_BYTES) {
      int to = Math.min(sequence.length, from + MOST_BYTES);
      add(Arrays.copyOfRange(sequence, from == 0 ? 0 : Math.max(0, to - MOST_BYTES), to));
    }
  }

  private void add(byte[] pattern) {
    int head = head(pattern, 0);
    List<byte[]> alike = byHead.computeIfAbsent(head, none -> new ArrayList<>());
    if (alike.stream().anyMatch(known -> Arrays.equals(known, pattern))) {
      return;
    }
    alike.add(pattern);
    filter.set(slot(head));
    for (int length = 1; length < Spellings.FEWEST_BYTES; length++) {
      beginnings.add(beginning(pattern, 0, length));
    }
    longest = Math.max(longest, pattern.length);
  }

  /** How many bytes before or after a byte can decide whether it belongs to a match. */
  int reach() {
    return longest - 1;
  }

  /** Puts {@code mask} over every byte of {@code target} where {@code source} has a match. */
  void cover(byte[] source, byte[] target, byte mask) {
    for (int at = 0; at + Spellings.FEWEST_BYTES <= source.length; at++) {
      int head = head(source, at);
      if (!filter.get(slot(head))) {
        continue;
      }
      for (byte[] pattern : byHead.getOrDefault(head, List.of())) {
        int end = at + pattern.length;
        if (end <= source.length && Arrays.equals(source, at, end, pattern, 0, pattern.length)) {
          Arrays.fill(target, at, end, mask);
        }
      }
    }
  }

  /** Index of the first byte that may begin a match which goes on beyond the end. */
  int openFrom(byte[] tail) {
    for (int at = Math.max(0, tail.length - reach()); at < tail.length; at++) {
      if (mayBegin(tail, at)) {
        return at;
      }
    }
    return tail.length;
  }

  private boolean mayBegin(byte[] tail, int at) {
    int left = tail.length - at;
    if (left < Spellings.FEWEST_BYTES) {
      return beginnings.contains(beginning(tail, at, left));
    }
    return byHead.getOrDefault(head(tail, at), List.of()).stream()
        .anyMatch(pattern ->
            pattern.length > left && Arrays.equals(tail, at, tail.length, pattern, 0, left));
  }

  private static int head(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }

  /** Sequences of one, two and three bytes get numbers of their own. */
  private static int beginning(byte[] bytes, int at, int length) {
    int number = length;
    for (int i = 0; i < length; i++) {
      number = number << 8 | (bytes[at + i] & 0xff);
    }
    return number;
  }

  private static int slot(int head) {
    return (head * 0x9E3779B1) >>> 16;
  }
}
