package dev.holdfast.worker.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.job.ResourceLimits;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LimitFilesTest {
  private static final Set<String> ALL = Set.of("cpu", "memory", "pids");
  private static final ResourceLimits LIMITS = new ResourceLimits(1.5, 64L << 20, 100);

  @Test
  void speaksBothVersions() {
    assertThat(LimitFiles.of(LIMITS, true, ALL))
        .isEqualTo(Map.of("cpu.max", "150000 100000", "memory.max", "67108864", "pids.max", "100"));
    assertThat(LimitFiles.of(LIMITS, false, ALL))
        .isEqualTo(
            Map.of(
                "cpu.cfs_period_us", "100000",
                "cpu.cfs_quota_us", "150000",
                "memory.limit_in_bytes", "67108864",
                "pids.max", "100"));
  }

  @Test
  void writesOnlyWhatTheDirectoryHas() {
    assertThat(LimitFiles.of(LIMITS, false, Set.of("pids"))).isEqualTo(Map.of("pids.max", "100"));
    assertThat(LimitFiles.of(LIMITS, true, Set.of())).isEmpty();
    assertThat(LimitFiles.of(null, true, ALL)).isEmpty();
  }

  @Test
  void tellsWhetherAllCanBeEnforced() {
    assertThat(LimitFiles.enforced(LIMITS, ALL)).isTrue();
    assertThat(LimitFiles.enforced(LIMITS, Set.of("cpu", "memory"))).isFalse();
    assertThat(LimitFiles.enforced(new ResourceLimits(null, null, 5), Set.of("pids"))).isTrue();
    assertThat(LimitFiles.enforced(null, Set.of())).isTrue();
  }

  @Test
  void reservesMemoryForTheWorkerOnAMachineThatHasEnough() {
    assertThat(Reservation.forJobs(64L << 30)).isEqualTo(63L << 30);
    assertThat(Reservation.forJobs(10L << 30)).isEqualTo((10L << 30) - (10L << 30) / 20);
    assertThat(Reservation.forJobs(2L << 30)).isEqualTo((2L << 30) - (256L << 20));
    assertThat(Reservation.forJobs(512L << 20)).isZero();
  }
}
