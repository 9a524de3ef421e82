package dev.holdfast.worker.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A mounted cgroup hierarchy.
 *
 * @param unified of version 2
 * @param controllers of version 1, those of use here; of version 2 empty: each directory says
 */
record Mount(Path point, boolean unified, Set<String> controllers) {
  /** The first is the one that is asked who belongs to an attempt. */
  static final List<String> USEFUL =
      List.of("freezer", "memory", "cpu", "cpuacct", "pids", "blkio");

  private static final int POINT = 4;
  private static final String SEPARATOR = "-";

  /** Reads /proc/self/mountinfo, see proc(5). */
  static List<Mount> parse(String mountInfo) {
    var mounts = new ArrayList<Mount>();
    for (String line : mountInfo.lines().toList()) {
      List<String> words = Arrays.asList(line.split(" "));
      int separator = words.indexOf(SEPARATOR);
      if (separator < 0 || words.size() < separator + 4) {
        continue;
      }
      Path point = Path.of(unescape(words.get(POINT)));
      switch (words.get(separator + 1)) {
        case "cgroup2" -> mounts.add(new Mount(point, true, Set.of()));
        case "cgroup" -> {
          var controllers = new LinkedHashSet<>(Arrays.asList(words.getLast().split(",")));
          controllers.retainAll(USEFUL);
          if (!controllers.isEmpty()) {
            mounts.add(new Mount(point, false, controllers));
          }
        }
        default -> {}
      }
    }
    return List.copyOf(mounts);
  }

  /** Spaces and the like are written as backslash and three octal digits. */
  private static String unescape(String text) {
    var plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 3 < text.length()) {
        plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        plain.append(text.charAt(i));
      }
    }
    return plain.toString();
  }
}
