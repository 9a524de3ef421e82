package dev.holdfast.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.LockWish;
import dev.holdfast.schemas.job.RetryCause;
import dev.holdfast.schemas.job.Scheduling;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class SchedulingOptionsTest {
  @Command
  private static final class Holder {
    @Mixin private final SchedulingOptions options = new SchedulingOptions();
  }

  /** What the options say is what the schemas understand. */
  private static JobSpec spec(String... args) {
    var holder = new Holder();
    new CommandLine(holder).parseArgs(args);
    ObjectNode body = Api.JSON.createObjectNode();
    body.putArray("command").add("true");
    body.putObject("repository").put("url", "/app");
    holder.options.into(body);
    return Serdes.SPEC.read(body.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void saysWhenAndWhereAJobMayRun() {
    JobSpec spec =
        spec(
            "--owner=team-search",
            "--pool=gpu",
            "--require=zone=north",
            "--request-cpus=1.5",
            "--request-memory=4g",
            "--not-before=2026-11-01T12:00:00Z",
            "--exclusive");

    Scheduling scheduling = spec.schedulingOrNone();
    assertThat(scheduling.owner()).isEqualTo("team-search");
    assertThat(scheduling.pool()).isEqualTo("gpu");
    assertThat(scheduling.requires()).containsEntry("zone", "north");
    assertThat(scheduling.resources()).isEqualTo(new Scheduling.ResourceRequest(1.5, 4L << 30));
    assertThat(scheduling.notBefore()).isEqualTo(Instant.parse("2026-11-01T12:00:00Z"));
    assertThat(spec.allLocks()).containsExactly(new LockWish("repository:/app", 1));
  }

  @Test
  void takesATimeFromNow() {
    Instant before = Instant.now();

    Instant notBefore = spec("--not-before=2h").schedulingOrNone().notBefore();

    assertThat(notBefore)
        .isBetween(before.plus(Duration.ofHours(2)), Instant.now().plus(Duration.ofHours(2)));
  }

  @Test
  void takesLocksWithAndWithoutPermits() {
    assertThat(spec("--lock=staging", "--lock=licences:3", "--lock=a:b").locks())
        .containsExactly(
            new LockWish("staging", 1), new LockWish("licences", 3), new LockWish("a:b", 1));
  }

  @Test
  void saysHowItIsTriedAgainAndWhatALimitLooksLike() {
    JobSpec spec =
        spec(
            "--retry=4",
            "--retry-on=exit,timeout",
            "--retry-backoff=30s",
            "--account=model-main",
            "--limit-pattern=limit reached",
            "--limit-code=42");

    assertThat(spec.retry().attempts()).isEqualTo(4);
    assertThat(spec.retry().on()).containsExactly(RetryCause.EXIT, RetryCause.TIMEOUT);
    assertThat(spec.retry().backoff()).isEqualTo(Duration.ofSeconds(30));
    assertThat(spec.quota().account()).isEqualTo("model-main");
    assertThat(spec.quota().pattern()).isEqualTo("limit reached");
    assertThat(spec.quota().exitCodes()).containsExactly(42);
  }

  @Test
  void saysNothingOfWhatWasNotGiven() {
    assertThat(spec().scheduling()).isNull();
    assertThat(spec().retry()).isNull();
    assertThat(spec().quota()).isNull();
    assertThat(spec().locks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--retry-backoff=1s", "--limit-code=42", "--not-before=tomorrow"})
  void tellsTheOptionThatIsWrong(String option) {
    assertThatThrownBy(() -> spec(option)).hasMessageContaining(option.split("=", 2)[0]);
  }
}
