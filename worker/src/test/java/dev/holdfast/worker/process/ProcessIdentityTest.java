package dev.holdfast.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessIdentityTest {

  private final BootClock clock = BootClock.system();

  @Test
  void recognisesLivingProcess() {
    ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();

    assertThat(self.isAlive()).isTrue();
    assertThat(self.bootId()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  }

  @Test
  void takesNoOtherProcessForIt() {
    ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();

    assertThat(new ProcessIdentity(self.bootId(), self.pid(), self.startTicks() + 1).isAlive())
        .isFalse();
    assertThat(new ProcessIdentity("another-boot", self.pid(), self.startTicks()).isAlive())
        .isFalse();
  }

  @Test
  void recognisesThatProcessHasEnded() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
    assertThat(identity.isAlive()).isTrue();

    process.destroyForcibly().waitFor();

    assertThat(identity.isAlive()).isFalse();
  }

  @Test
  void readsTheBootClock() {
    BootClock fallback = new BootClock.ProcClock(new IllegalStateException("forbidden"));

    long first = clock.nowMs();
    long second = fallback.nowMs();
    long third = clock.nowMs();

    assertThat(clock.source()).isEqualTo("clock_gettime(CLOCK_BOOTTIME)");
    assertThat(second).isBetween(first - 20, third);
    assertThat(fallback.source()).contains("/proc/uptime", "forbidden");
  }
}
