package dev.holdfast.worker.cgroup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where the cgroups of jobs may go: one directory in each hierarchy, several to be tried in order.
 *
 * @param mount of the hierarchy
 * @param candidates directories, the best first
 */
record Place(Mount mount, List<Path> candidates) {
  private static final String OWN_UNIFIED = "0::";

  /**
   * The places that this machine offers. Version 1 counts if it has a freezer: where both are
   * mounted, the controllers are with version 1.
   *
   * @param mountInfo content of /proc/self/mountinfo
   * @param ownCgroups content of /proc/self/cgroup
   */
  static List<Place> automatic(String mountInfo, String ownCgroups) {
    List<Mount> mounts = Mount.parse(mountInfo);
    List<Place> old =
        mounts.stream()
            .filter(mount -> !mount.unified())
            .sorted(Comparator.comparing(mount -> !mount.controllers().contains("freezer")))
            .map(mount -> new Place(mount, List.of(mount.point())))
            .toList();
    if (!old.isEmpty() && old.getFirst().mount().controllers().contains("freezer")) {
      return old;
    }
    return mounts.stream()
        .filter(Mount::unified)
        .findFirst()
        .map(mount -> List.of(new Place(mount, unified(mount, ownCgroups))))
        .orElse(List.of());
  }

  /** The places below a directory that somebody chose; of version 1 in every hierarchy. */
  static List<Place> below(Path chosen, String mountInfo) {
    List<Mount> mounts = Mount.parse(mountInfo);
    Optional<Mount> around =
        mounts.stream().filter(mount -> chosen.startsWith(mount.point())).findFirst();
    if (around.isEmpty()) {
      return List.of();
    }
    if (around.get().unified()) {
      return List.of(new Place(around.get(), List.of(chosen)));
    }
    Path relative = around.get().point().relativize(chosen);
    return mounts.stream()
        .filter(mount -> !mount.unified())
        .sorted(Comparator.comparing(mount -> !mount.controllers().contains("freezer")))
        .map(mount -> new Place(mount, List.of(mount.point().resolve(relative))))
        .toList();
  }

  /**
   * What systemd has delegated: the worker's own cgroup, or the one around it if the unit gave the
   * worker a subgroup. Else the top, if this worker may write there; else its own.
   */
  private static List<Path> unified(Mount mount, String ownCgroups) {
    var candidates = new ArrayList<Path>();
    Optional<Path> own =
        ownCgroups
            .lines()
            .filter(line -> line.startsWith(OWN_UNIFIED))
            .map(line -> mount.point().resolve(line.substring(OWN_UNIFIED.length() + 1)))
            .map(Path::normalize)
            .filter(path -> path.startsWith(mount.point()) && Files.isDirectory(path))
            .findFirst();
    own.map(Path::getParent)
        .filter(path -> path.startsWith(mount.point()) && delegated(path))
        .ifPresent(candidates::add);
    own.filter(Place::delegated).ifPresent(candidates::add);
    candidates.add(mount.point());
    own.ifPresent(candidates::add);
    return candidates.stream().distinct().toList();
  }

  private static boolean delegated(Path cgroup) {
    try {
      var view = Files.getFileAttributeView(cgroup, UserDefinedFileAttributeView.class);
      if (view == null || !view.list().contains("delegate")) {
        return false;
      }
      ByteBuffer value = ByteBuffer.allocate(view.size("delegate"));
      view.read("delegate", value);
      return new String(value.array(), StandardCharsets.UTF_8).startsWith("1");
    } catch (IOException unsupported) {
      return false;
    }
  }
}
