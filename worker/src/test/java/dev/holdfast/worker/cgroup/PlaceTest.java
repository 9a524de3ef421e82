package dev.holdfast.worker.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the mounted hierarchies jobs get their cgroups in. */
class PlaceTest {
  private static final String PROC = "20 1 0:5 / /proc rw,nosuid shared:5 - proc proc rw\n";
  private static final String VERSION_1 =
      """
      30 25 0:26 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 - cgroup cgroup rw,cpu,cpuacct
      31 25 0:27 / /sys/fs/cgroup/memory rw shared:11 - cgroup cgroup rw,memory
      32 25 0:28 / /sys/fs/cgroup/free\\040zer rw shared:12 - cgroup cgroup rw,freezer
      33 25 0:29 / /sys/fs/cgroup/systemd rw shared:13 - cgroup cgroup rw,xattr,name=systemd
      34 25 0:30 / /sys/fs/cgroup/devices rw shared:14 - cgroup cgroup rw,devices
      """;

  @TempDir Path temporary;

  private String version2(Path point) {
    return "40 25 0:31 / " + point + " rw,nosuid shared:15 - cgroup2 cgroup2 rw,nsdelegate\n";
  }

  @Test
  void takesVersion1WhereItHasTheFreezerAndThatFirst() {
    List<Place> places =
        Place.automatic(PROC + VERSION_1 + version2(temporary), "0::/\n1:cpu:/x\n");

    assertThat(places)
        .extracting(place -> place.mount().controllers())
        .containsExactly(Set.of("freezer"), Set.of("cpu", "cpuacct"), Set.of("memory"));
    assertThat(places.getFirst().candidates()).containsExactly(Path.of("/sys/fs/cgroup/free zer"));
  }

  @Test
  void takesVersion2WhereItIsAlone() {
    assertThat(Place.automatic(PROC + version2(temporary), "0::/\n"))
        .singleElement()
        .satisfies(place -> {
          assertThat(place.mount().unified()).isTrue();
          assertThat(place.candidates()).containsExactly(temporary);
        });
  }

  @Test
  void findsNoneWhereNoneIsMounted() {
    assertThat(Place.automatic(PROC, "")).isEmpty();
    assertThat(Place.below(temporary, PROC)).isEmpty();
  }

  @Test
  void takesTheChosenDirectoryInEveryHierarchyOfItsVersion() {
    String mounts = PROC + VERSION_1 + version2(temporary);

    assertThat(Place.below(Path.of("/sys/fs/cgroup/memory/jobs"), mounts))
        .extracting(place -> place.candidates().getFirst())
        .containsExactly(
            Path.of("/sys/fs/cgroup/free zer/jobs"),
            Path.of("/sys/fs/cgroup/cpu,cpuacct/jobs"),
            Path.of("/sys/fs/cgroup/memory/jobs"));
    assertThat(Place.below(temporary.resolve("jobs"), mounts))
        .extracting(Place::candidates)
        .containsExactly(List.of(temporary.resolve("jobs")));
  }

  /** As systemd marks what it has delegated: the unit, with the worker in a subgroup of it. */
  @Test
  void prefersWhatWasDelegated() throws Exception {
    Path unit = Files.createDirectories(temporary.resolve("system.slice/worker.service"));
    Files.createDirectories(unit.resolve("worker"));
    assumeTrue(marked(unit), "skipped: this file system has no user attributes");

    List<Place> places =
        Place.automatic(version2(temporary), "0::/system.slice/worker.service/worker\n");

    assertThat(places.getFirst().candidates())
        .containsExactly(unit, temporary, unit.resolve("worker"));
  }

  private static boolean marked(Path directory) {
    try {
      Files.getFileAttributeView(directory, UserDefinedFileAttributeView.class)
          .write("delegate", ByteBuffer.wrap("1".getBytes(StandardCharsets.US_ASCII)));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
