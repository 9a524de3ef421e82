package dev.holdfast.worker.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Order.Assigned;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.output.OutputLimit;
import dev.holdfast.worker.workspace.CollectLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JobEnvironmentTest {
  private static SortedMap<String, String> env(Map<String, String> base, Map<String, String> own) {
    var site =
        new Site(
            new WorkerId("w-1"),
            3,
            "main",
            Liveness.DEFAULT,
            new Site.Limits(OutputLimit.ofHead(1), CollectLimits.DEFAULT),
            Duration.ZERO,
            Path.of("/lock"),
            base,
            Optional.empty());
    var spec = new JobSpec(List.of("true"), null, null, new TreeMap<>(own), null, null, null, null);
    return JobEnvironment.of(
        site,
        new Assigned(new WorkerId("w-1"), 3, 1, new JobId("job-1"), 2, new Token(99), spec),
        Map.of("HOLDFAST_PROGRESS", "/p"));
  }

  @Test
  void saysWhoTheJobIs() {
    assertThat(env(Map.of(), Map.of()))
        .containsEntry("HOLDFAST_CELL", "main")
        .containsEntry("HOLDFAST_JOB", "job-1")
        .containsEntry("HOLDFAST_ATTEMPT", "2")
        .containsEntry("HOLDFAST_TOKEN", "99")
        .containsEntry("HOLDFAST_RUN", "main/w-1/job-1/99");
  }

  @Test
  void inheritsALittleAndNoSecrets() {
    assertThat(env(Map.of("PATH", "/mine", "AWS_SECRET", "s", "HOLDFAST_URL", "u"), Map.of()))
        .containsEntry("PATH", "/mine")
        .doesNotContainKeys("AWS_SECRET", "HOLDFAST_URL");
  }

  @Test
  void hasAPathAndAHomeWhateverTheWorkerHas() {
    assertThat(env(Map.of(), Map.of())).containsKeys("PATH", "HOME", "LANG");
  }

  @Test
  void theSpecWins() {
    assertThat(env(Map.of("LANG", "de_DE"), Map.of("LANG", "en_GB", "MORE", "m")))
        .containsEntry("LANG", "en_GB")
        .containsEntry("MORE", "m");
  }
}
