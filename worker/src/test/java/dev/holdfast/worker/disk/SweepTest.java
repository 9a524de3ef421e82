package dev.holdfast.worker.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
  private static final Duration APART = Duration.ofSeconds(30);

  @TempDir Path directory;
  private Instant now = Instant.parse("2026-05-01T10:00:00Z");
  private final List<Thing> things = new ArrayList<>();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  private final class Thing implements Stray {
    private final String name;
    private String identity = "as it was";
    private boolean condemned;
    private Optional<String> use = Optional.empty();
    private boolean stuck;

    private Thing(String name) {
      this.name = name;
      things.add(this);
    }

    @Override
    public String kind() {
      return "container";
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String identity() {
      return identity;
    }

    @Override
    public boolean condemned() {
      return condemned;
    }

    @Override
    public Optional<String> livingUse() {
      return use;
    }

    @Override
    public void remove() throws IOException {
      if (stuck) {
        throw new IOException("the engine is away");
      }
      things.remove(this);
    }
  }

  private Sweep sweep() throws IOException {
    return Sweep.of(
        directory,
        List.of(
            () -> {
              throw new IOException("cannot look");
            },
            () -> List.copyOf(things)),
        new Sweep.Pace(APART, () -> now),
        metrics);
  }

  @Test
  void removesOnlyWhatTwoLooksFoundUnchanged() throws Exception {
    new Thing("stray");
    var touched = new Thing("touched");
    new Thing("trash").condemned = true;
    Sweep sweep = sweep();

    assertThat(sweep.runOnce().removed()).containsExactly(java.util.Map.entry("container", 1));
    assertThat(things).extracting(Stray::name).containsExactly("stray", "touched");

    now = now.plus(APART.minusMillis(1));
    assertThat(sweep.runOnce().count()).as("too soon").isZero();
    touched.identity = "written to";
    now = now.plusMillis(1);
    assertThat(sweep.runOnce().count()).isEqualTo(1);
    assertThat(things).containsExactly(touched);

    now = now.plus(APART);
    var last = sweep.runOnce();
    assertThat(last.count()).isEqualTo(1);
    assertThat(last.removedSinceStart()).containsEntry("container", 3);
    assertThat(metrics.counter("holdfast.worker.swept", "kind", "container").count()).isEqualTo(3);
    assertThat(Files.readString(directory.resolve("summary.json"))).contains("\"container\":3");
  }

  @Test
  void keepsWhatSomethingLivingUsesAndSaysWhy() throws Exception {
    new Thing("used").use = Optional.of("process 7 has it open");
    Sweep sweep = sweep();

    sweep.runOnce();
    now = now.plus(APART);
    var summary = sweep.runOnce();

    assertThat(summary.count()).isZero();
    assertThat(summary.kept()).containsEntry("container used", "process 7 has it open");
    assertThat(things).hasSize(1);
  }

  @Test
  void goesOnWhereAKilledSweepStopped() throws Exception {
    var begun = new Thing("begun");
    var used = new Thing("used by now");
    new Thing("never condemned");
    SweepJournal.in(directory).begin(List.of(begun, used));
    used.use = Optional.of("somebody");

    var summary = sweep().runOnce();

    assertThat(summary.count()).as("without a second look").isEqualTo(1);
    assertThat(things)
        .extracting(Stray::name)
        .containsExactlyInAnyOrder("used by now", "never condemned");
    assertThat(SweepJournal.in(directory).left()).isEmpty();
  }

  @Test
  void doesNotBelieveADamagedJournal() throws Exception {
    var stray = new Thing("stray");
    SweepJournal.in(directory).begin(List.of(stray));
    Path intents = directory.resolve("intents");
    Files.writeString(intents, Files.readString(intents).replace("stray", "strax"));

    assertThat(sweep().runOnce().count()).isZero();

    assertThat(things).containsExactly(stray);
    try (var files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("intents.damaged."));
    }
  }

  @Test
  void oneThatCannotBeRemovedHoldsUpNoOther() throws Exception {
    var stuck = new Thing("stuck");
    stuck.condemned = true;
    stuck.stuck = true;
    new Thing("fine").condemned = true;
    Sweep sweep = sweep();

    var summary = sweep.runOnce();

    assertThat(summary.count()).isEqualTo(1);
    assertThat(summary.kept().get("container stuck")).contains("the engine is away");
    stuck.stuck = false;
    assertThat(sweep.runOnce().count()).isEqualTo(1);
    assertThat(things).isEmpty();
  }
}
