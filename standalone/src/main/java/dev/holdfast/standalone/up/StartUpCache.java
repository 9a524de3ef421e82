package dev.holdfast.standalone.up;

import dev.holdfast.standalone.broker.AotCache;
import dev.holdfast.standalone.broker.BrokerRole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The class cache of all roles, kept beside the built image and shared by all that starts from it.
 */
public final class StartUpCache {
  private final Path directory;
  private final AotCache cache;

  private StartUpCache(Path directory) {
    this.directory = directory;
    this.cache = AotCache.in(directory, "holdfast");
  }

  /** In the installation, or in the working directory when there is none. */
  public static StartUpCache here() {
    return new StartUpCache(
        Path.of(System.getProperty("holdfast.home", "."), ".holdfast", "cache")
            .toAbsolutePath()
            .normalize());
  }

  /** For the JVM of any role; without effect until the cache is there. */
  public List<String> flags() {
    return cache.jvmFlags();
  }

  /** Makes the cache and waits for it; false if it cannot be had. */
  public boolean await(Duration atMost) throws InterruptedException {
    learn();
    long giveUpAt = System.nanoTime() + atMost.toNanos();
    while (!cache.present() && System.nanoTime() < giveUpAt && cache.possible()) {
      Thread.sleep(100);
    }
    return cache.present();
  }

  /** Makes the cache for later starts, unless it is there. */
  public void learn() {
    cache.trainInBackground(
        BrokerRole.jvmFlags(),
        SystemTraining.class.getName(),
        List.of(directory.resolve("training").toString()));
  }
}
