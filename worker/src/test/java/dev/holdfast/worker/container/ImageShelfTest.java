package dev.holdfast.worker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.schemas.job.ContainerSpec.Pull;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.disk.Cache;
import dev.holdfast.worker.disk.Sweep;
import dev.holdfast.worker.process.BootClock;
import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.run.RunFacts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of a real daemon: those that a worker pulled go when they are not wanted, no others. */
class ImageShelfTest {
  private static final Duration UNUSED = Duration.ofDays(7);
  private static final Duration APART = Duration.ofSeconds(30);
  private static PrivateEngine daemon;
  private static DockerContainerEngine engine;
  private static TestRegistry registry;

  @TempDir Path data;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final String reference = registry.reference("1");
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private RunDirectories runs;
  private ImageShelf shelf;

  @BeforeAll
  static void start() throws Exception {
    daemon = PrivateEngine.start();
    engine = daemon.engine();
    registry = new TestRegistry("ann", "s3cret");
  }

  @AfterAll
  static void stop() throws Exception {
    if (daemon != null) {
      registry.close();
      engine.close();
      daemon.close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    runs = RunDirectories.open(data.resolve("runs"));
    openShelf();
  }

  @AfterEach
  void clear() {
    daemon.removeContainers();
    engine.removeImage(reference);
  }

  private void openShelf() {
    shelf =
        new ImageShelf(
            () -> engine, () -> true, PulledImages.in(data.resolve("images-pulled"), () -> now));
  }

  private void bring(String image, Pull policy) throws InterruptedException {
    new Images(name -> Optional.of("ann:s3cret"), shelf)
        .bring(
            engine,
            new ContainerSpec(image, null, null, null, policy, null, "ann"),
            said -> {},
            () -> false);
  }

  private Sweep sweep() throws IOException {
    return Sweep.of(
        data.resolve("sweep"),
        List.of(shelf.strays(runs, UNUSED, () -> now)),
        new Sweep.Pace(APART, () -> now),
        metrics);
  }

  /** Two looks, and what went. */
  private Sweep.Summary swept() throws Exception {
    Sweep sweep = sweep();
    sweep.runOnce();
    now = now.plus(APART);
    return sweep.runOnce();
  }

  private RunDirectory attemptWith(String image) throws IOException {
    var spec =
        new JobSpec(
            List.of("true"),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            new ContainerSpec(image, null, null, null, null, null, null),
            null,
            null,
            null,
            null);
    var assigned =
        new Order.Assigned(
            new WorkerId("w-1"), 1, 1, new JobId("job-1"), 1, new Token(7), spec, null);
    return runs.create(
        new RunFacts(assigned, RunFacts.CONTAINER, BootClock.bootId(), now), place -> {});
  }

  private String container() {
    return engine.create(
        new ContainerPlan(
            "uses-it",
            engine.image(reference).orElseThrow().id(),
            Map.of(),
            List.of("/bin/sh"),
            Map.of(),
            List.of(),
            new ContainerSpec(reference, "none", null, null, null, null, null),
            null));
  }

  @Test
  void removesWhatItPulledOnceNoJobHasUsedItForLong() throws Exception {
    bring(reference, Pull.MISSING);
    bring(PrivateEngine.IMAGE, Pull.MISSING);

    assertThat(swept().count()).as("it is new").isZero();
    now = now.plus(UNUSED.minusMinutes(10));
    openShelf();
    bring(reference, Pull.MISSING);
    now = now.plus(UNUSED.minusMinutes(10));
    assertThat(swept().count()).as("it was used").isZero();
    now = now.plus(Duration.ofMinutes(20));

    assertThat(swept().removed()).isEqualTo(Map.of("image", 1));

    assertThat(engine.image(reference)).isEmpty();
    assertThat(engine.image(PrivateEngine.IMAGE)).as("not one that it pulled").isPresent();
    assertThat(metrics.counter("holdfast.worker.swept", "kind", "image").count()).isEqualTo(1);
    now = now.plus(UNUSED);
    assertThat(swept().count()).isZero();
  }

  @Test
  void keepsWhatAnAttemptNamesAndWhatAContainerUses() throws Exception {
    bring(reference, Pull.MISSING);
    RunDirectory attempt = attemptWith(reference);
    now = now.plus(UNUSED).plusSeconds(1);

    assertThat(swept().kept()).containsValue("attempt " + attempt.attempt() + " names it");
    runs.retire(attempt);
    String container = container();
    assertThat(swept().kept().values()).anyMatch(why -> why.contains("a container uses it"));
    assertThat(engine.image(reference)).isPresent();

    engine.remove(container);
    assertThat(swept().removed()).isEqualTo(Map.of("image", 1));
  }

  @Test
  void keepsWhatWasThereBefore() throws Exception {
    try (var other = daemon.client()) {
      other.tagImageCmd(PrivateEngine.IMAGE, reference.replaceAll(":1$", ""), "1").exec();
    }
    bring(reference, Pull.MISSING);
    now = now.plus(UNUSED).plusSeconds(1);

    assertThat(swept().count()).isZero();
    assertThat(engine.image(reference)).isPresent();
  }

  @Test
  void keepsWhatSomebodyElseHasPutInItsPlace() throws Exception {
    bring(reference, Pull.MISSING);
    try (var other = daemon.client()) {
      other.tagImageCmd(PrivateEngine.IMAGE_WITH_USER, reference.replaceAll(":1$", ""), "1").exec();
    }
    now = now.plus(UNUSED).plusSeconds(1);

    assertThat(swept().count()).isZero();
    assertThat(engine.image(reference)).isPresent();
    assertThat(shelf.pulled().all()).as("forgotten").isEmpty();
  }

  /** It was killed in the middle of a pull, which the engine brought to its end. */
  @Test
  void knowsWhatItBeganToPull() throws Exception {
    bring(reference, Pull.MISSING);
    shelf.pulled().pulling(reference);
    openShelf();
    now = now.plus(UNUSED).plusSeconds(1);

    assertThat(swept().removed()).isEqualTo(Map.of("image", 1));
    assertThat(engine.image(reference)).isEmpty();
  }

  @Test
  void givesUpWhatItPulledWhenThereIsNoRoom() throws Exception {
    bring(reference, Pull.MISSING);
    assertThat(shelf.cache(runs, () -> false).longestUnusedFirst())
        .as("on another disk they take no room")
        .isEmpty();
    Cache.Item item = shelf.cache(runs, () -> true).longestUnusedFirst().getFirst();
    RunDirectory attempt = attemptWith(reference);

    assertThat(item.giveUp()).isFalse();
    runs.retire(attempt);

    assertThat(item.giveUp()).isTrue();
    assertThat(engine.image(reference)).isEmpty();
    assertThat(shelf.cache(runs, () -> true).longestUnusedFirst()).isEmpty();
  }

  @Test
  void leavesToPeopleWhatADamagedFileNamed() throws Exception {
    bring(reference, Pull.MISSING);
    Path file = data.resolve("images-pulled");
    Files.writeString(file, Files.readString(file).replace("private", "publica"));
    openShelf();

    assertThat(shelf.pulled().all()).isEmpty();
    assertThat(file).doesNotExist();
    try (var left = Files.list(data)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .anyMatch(name -> name.startsWith("images-pulled.damaged."));
    }
  }
}
