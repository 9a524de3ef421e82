package dev.holdfast.standalone.up;

import dev.holdfast.standalone.cli.Api;
import dev.holdfast.standalone.cli.ApiFailure;
import java.net.URI;
import java.time.Duration;
import java.util.stream.StreamSupport;

/** Waits until workers have announced themselves, so that "up" means "takes jobs". */
public final class Workers {
  private static final Duration LOOK_EVERY = Duration.ofMillis(25);

  private final Api api;

  public Workers(URI url) {
    this.api = new Api(url);
  }

  void await(int wanted, Console console) throws InterruptedException {
    long tellAt = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (present() < wanted) {
      if (System.nanoTime() > tellAt) {
        console.line("still waiting for workers: " + present() + " of " + wanted);
        tellAt = System.nanoTime() + Duration.ofSeconds(15).toNanos();
      }
      Thread.sleep(LOOK_EVERY);
    }
  }

  /** Workers that offer slots now. */
  public long present() {
    try {
      return StreamSupport.stream(api.get("/v1/workers").path("workers").spliterator(), false)
          .filter(worker -> worker.path("slots").asInt() > 0 && !worker.path("silent").asBoolean())
          .count();
    } catch (ApiFailure e) {
      return 0;
    }
  }
}
