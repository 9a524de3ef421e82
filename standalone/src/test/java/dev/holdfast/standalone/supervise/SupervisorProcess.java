package dev.holdfast.standalone.supervise;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A supervisor in a JVM of its own, for tests that kill it. Arguments: directory, names of
 * children.
 */
final class SupervisorProcess {

  private SupervisorProcess() {}

  public static void main(String[] args) throws Exception {
    DataDirLock lock = DataDirLock.take(Path.of(args[0]), "up");
    Supervisor supervisor = new Supervisor(lock, event -> {});
    for (String name : List.of(args).subList(1, args.length)) {
      supervisor.start(sleeper(name)).get();
    }
    System.out.println("supervising");
    new CountDownLatch(1).await();
  }

  static ChildSpec sleeper(String name) {
    return new ChildSpec(
        name, List.of("sleep", "600"), Map.of(), ReadinessProbe.running(), Duration.ofSeconds(10));
  }
}
