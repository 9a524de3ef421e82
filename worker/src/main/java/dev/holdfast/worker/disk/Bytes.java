package dev.holdfast.worker.disk;

import java.util.Locale;

/** Numbers of bytes, for people. */
final class Bytes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final double STEP = 1024;

  private Bytes() {}

  static String say(long bytes) {
    double value = bytes;
    int unit = 0;
    for (; value >= STEP && unit < UNITS.length - 1; unit++) {
      value /= STEP;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }
}
