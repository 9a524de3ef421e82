package dev.holdfast.worker.index.lucene;

import java.util.Arrays;

/** A text by its lines. */
final class Lines {
  private final String text;
  private final int[] starts;

  Lines(String text) {
    this.text = text;
    int[] found = new int[16];
    int count = 1;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      if (count == found.length) {
        found = Arrays.copyOf(found, 2 * count);
      }
      found[count++] = at + 1;
    }
    this.starts = Arrays.copyOf(found, count);
  }

  /** The number, from 1, of the line that holds the character at this offset. */
  int at(int offset) {
    int found = Arrays.binarySearch(starts, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** A line without its end. */
  String line(int number) {
    int end = number < starts.length ? starts[number] : text.length();
    return text.substring(starts[number - 1], end).stripTrailing();
  }
}
