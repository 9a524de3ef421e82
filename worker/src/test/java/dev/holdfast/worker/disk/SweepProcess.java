package dev.holdfast.worker.disk;

import dev.holdfast.worker.run.RunDirectories;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Sweeps one data directory, as a process of its own that a test may kill. */
final class SweepProcess {
  static final Duration APART = Duration.ofSeconds(30);

  private SweepProcess() {}

  static Sweep over(Path data, InstantSource clock) throws IOException {
    Trash trash = Trash.in(data.resolve("trash"));
    RunDirectories runs = RunDirectories.open(data.resolve("runs"));
    return Sweep.of(
        data.resolve("sweep"),
        List.of(
            new RunStrays(
                runs,
                run -> run.toString().contains("held"),
                new RunStrays.Care(run -> {}, run -> {}),
                trash,
                clock),
            new LooseFiles(data, runs.root(), data.resolve("shim/shim"), trash)),
        new Sweep.Pace(APART, clock),
        new SimpleMeterRegistry());
  }

  public static void main(String[] arguments) throws Exception {
    var now = new Instant[] {Instant.now()};
    Sweep sweep = over(Path.of(arguments[0]), () -> now[0]);
    sweep.runOnce();
    now[0] = now[0].plus(APART);
    System.out.println("ready");
    System.in.read();
    System.out.println(sweep.runOnce().count());
  }
}
