package dev.holdfast.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class JobIdsTest {
  @Test
  void derivesTheSameIdFromTheSameKey() {
    assertThat(JobIds.ofKey("deploy-42")).isEqualTo(JobIds.ofKey("deploy-42"));
    assertThat(JobIds.ofKey("deploy-42")).isNotEqualTo(JobIds.ofKey("deploy-43"));
    assertThat(JobIds.ofKey("déploiement").value()).matches("k-[0-9a-z]{26}");
  }

  @Test
  void sortsByTime() {
    byte[] high = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
    Instant at = Instant.parse("2026-11-23T08:00:00Z");

    String first = JobIds.at(at, high).value();
    String second = JobIds.at(at.plusMillis(1), new byte[10]).value();

    assertThat(first).isLessThan(second).matches("j-[0-9a-z]{26}").endsWith("zzzzzzzzzzzzzzzz");
  }
}
