package dev.holdfast.worker.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.schemas.job.ContainerSpec.Pull;
import dev.holdfast.worker.container.EngineException.Code;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real daemon fetches from a registry that asks for credentials. */
class ImagesTest {
  private static PrivateEngine daemon;
  private static DockerContainerEngine engine;
  private static TestRegistry registry;
  private final Map<String, String> secrets = new HashMap<>();
  private Images images;
  private final List<String> progress = new CopyOnWriteArrayList<>();
  private final CountDownLatch sizeTold = new CountDownLatch(1);

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
  void open(@TempDir Path data) {
    var pulled = PulledImages.in(data.resolve("images-pulled"), InstantSource.system());
    images =
        new Images(
            name -> Optional.ofNullable(secrets.get(name)),
            new ImageShelf(() -> engine, () -> true, pulled));
  }

  private static ContainerSpec image(String reference, Pull pull, @Nullable String credentials) {
    return new ContainerSpec(reference, null, null, null, pull, null, credentials);
  }

  private void bring(ContainerSpec spec) throws InterruptedException {
    images.bring(engine, spec, this::tell, () -> false);
  }

  private void tell(String words) {
    progress.add(words);
    if (words.endsWith("MB")) {
      sizeTold.countDown();
    }
  }

  private static void assertRefused(ThrowingCallable call, Code code, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).as(e.toString()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @Test
  void fetchesAPrivateImageWithTheCredentialsOfASecret() throws Exception {
    String reference = registry.reference("1");
    secrets.put("json", "{\"username\": \"ann\", \"password\": \"s3cret\"}");
    secrets.put("wrong", "ann:other");
    secrets.put("neither", "s3cret");

    assertRefused(() -> bring(image(reference, Pull.MISSING, null)), Code.UNAUTHORIZED, reference);
    assertRefused(
        () -> bring(image(reference, Pull.MISSING, "wrong")), Code.UNAUTHORIZED, reference);
    assertRefused(
        () -> bring(image(reference, Pull.MISSING, "absent")), Code.UNAUTHORIZED, "'absent'");
    assertThatThrownBy(() -> bring(image(reference, Pull.MISSING, "neither")))
        .hasMessageContaining("user:password")
        .hasMessageNotContaining("s3cret");
    assertThat(engine.image(reference)).isEmpty();

    registry.holdBackHalf(sizeTold);
    bring(image(reference, Pull.MISSING, "json"));

    assertThat(engine.image(reference)).isPresent();
    assertThat(progress).contains("pulling image " + reference);
    assertThat(progress)
        .as("what the daemon says of it")
        .anyMatch(line -> line.matches(".*" + reference + ": \\d+\\.\\d of \\d+\\.\\d MB"));
    secrets.put("plain", "ann:s3cret");
    bring(image(reference, Pull.ALWAYS, "plain"));
  }

  @Test
  void tellsWhatIsNotThereFromWhatCannotBeReached() throws Exception {
    secrets.put("ann", "ann:s3cret");
    String unknown = registry.reference("2");
    assertRefused(() -> bring(image(unknown, Pull.MISSING, "ann")), Code.IMAGE_NOT_FOUND, unknown);

    var gone = new TestRegistry("ann", "s3cret");
    String unreachable = gone.reference("1");
    gone.close();
    assertRefused(
        () -> bring(image(unreachable, Pull.MISSING, "ann")), Code.REGISTRY_UNREACHABLE, "refused");
  }

  @Test
  void fetchesNothingThatIsThere() throws Exception {
    bring(image(PrivateEngine.IMAGE, Pull.MISSING, null));
    bring(image(PrivateEngine.IMAGE, Pull.NEVER, null));

    assertThat(progress).isEmpty();
  }
}
