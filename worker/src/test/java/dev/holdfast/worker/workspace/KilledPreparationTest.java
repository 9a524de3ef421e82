package dev.holdfast.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills worker processes with SIGKILL at seeded instants of clone, fetch and checkout, over a real
 * HTTP server; what the next process makes of it must be whole, every time.
 */
class KilledPreparationTest {

  private static final long SEED = 20260501;
  private static final int LANES = 10;
  private static final int KILLED_OPERATIONS = 100;
  private static final int MOST_ROUNDS = KILLED_OPERATIONS;
  private static final int COMMITS = 2000;
  private static final int MOST_CALLS = 40;

  @TempDir Path temporary;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final GitMetrics metrics = new GitMetrics(registry);
  private final Random random = new Random(SEED);
  private final boolean traces = Strace.works();
  private LongHistory history;
  private List<Path> lanes;
  private int position = COMMITS / 2;

  @BeforeEach
  void makeHistory() throws IOException {
    Path real = temporary.toRealPath();
    history = LongHistory.create(real.resolve("served/project.git"), COMMITS);
    lanes = IntStream.range(0, LANES).mapToObj(lane -> real.resolve("lane" + lane)).toList();
  }

  @Test
  void leavesNoBrokenWorkspaceWhereverItIsKilled() throws Exception {
    int killed = 0;
    int rounds = 0;
    try (GitHttpServer server = new GitHttpServer(history.directory().getParent())) {
      String url = server.url("", "/open/project.git");
      Path classCache = temporary.resolve("classes.jsa");
      long durationMs = learn(url, classCache);
      PreparingProcess waiting = PreparingProcess.start(lanes, url, classCache);
      try {
        for (; killed < KILLED_OPERATIONS && rounds < MOST_ROUNDS; rounds++) {
          PreparingProcess victim = waiting;
          victim.awaitReady();
          waiting = PreparingProcess.start(lanes, url, classCache);
          String job = "victim-" + rounds;
          String commit = moveOn();

          kill(victim, job, durationMs);

          for (Path lane : lanes) {
            killed += recovers(lane, url, job, commit) ? 1 : 0;
          }
        }
      } finally {
        waiting.close();
      }
      System.out.printf(
          "git: %d operations killed by %d SIGKILLs, 0 broken workspaces; %s%n",
          killed, rounds, counts());
    }
    assertThat(killed).isGreaterThanOrEqualTo(KILLED_OPERATIONS);
    assertThat(registry.find("holdfast.worker.git.operations.cut").counters())
        .as("clone, fetch and checkout were all hit")
        .extracting(counter -> counter.getId().getTag("operation"))
        .contains("clone", "fetch", "checkout");
  }

  /** How long an undisturbed preparation takes in a new process. */
  private long learn(String url, Path classCache) throws Exception {
    history.moveTo(position);
    try (PreparingProcess first = PreparingProcess.start(lanes, url, classCache)) {
      first.awaitReady();
      long began = System.nanoTime();
      first.prepare("first");
      assertThat(first.awaitDone()).isTrue();
      long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      first.finish();
      return tookMs;
    }
  }

  /** New commits to fetch, and for some lanes nothing to add them to. */
  private String moveOn() throws IOException {
    position = Math.min(COMMITS - 1, position + 1 + random.nextInt(20));
    for (Path lane : lanes) {
      if (random.nextBoolean()) {
        FileTrees.delete(lane.resolve("mirrors"));
      }
    }
    return history.moveTo(position);
  }

  private void kill(PreparingProcess victim, String job, long durationMs) throws Exception {
    if (traces && random.nextInt(3) == 0) {
      long pid = victim.process().pid();
      try (Strace _ = Strace.killingAt(pid, 1 + random.nextInt(MOST_CALLS))) {
        victim.prepare(job);
        victim.awaitDone();
      }
    } else {
      long delayMicros = (long) (random.nextDouble() * durationMs * 1000);
      victim.prepare(job);
      victim.process().waitFor(delayMicros, TimeUnit.MICROSECONDS);
    }
    victim.kill();
  }

  /** Checks what the next process makes of it; answers whether the operation had been cut. */
  private boolean recovers(Path lane, String url, String job, String commit) throws Exception {
    Path directory = lane.resolve("runs").resolve(job).resolve("work tree");
    boolean cut = ReadyMarker.read(directory).isEmpty();
    GitWorkspaces next =
        new GitWorkspaces(
            new GitSettings(lane.resolve("mirrors"), Duration.ofSeconds(10), lane.resolve("ssh")),
            Secrets.NONE,
            metrics,
            InstantSource.system());
    PreparedWorkspace workspace =
        next.prepare(
            directory, new RepositoryRef(url, Optional.empty()), "holdfast/" + job, () -> false);
    String when = lane.getFileName() + " after " + job + " of seed " + SEED;
    assertThat(workspace.baseCommit()).as(when).isEqualTo(commit);
    // Git itself looks through the mirror's objects too: origin/main is all of its refs.
    GitCli.Outcome checked =
        GitCli.tryGit(directory, "fsck", "--connectivity-only", "--no-dangling");
    assertThat(checked.exitCode()).as(when + ": " + checked.output()).isZero();
    assertThat(checked.output()).as(when).isEmpty();
    try (Git git = Git.open(directory.toFile())) {
      assertThat(git.status().call().isClean()).as(when + ": files equal the commit").isTrue();
      assertThat(git.getRepository().resolve("HEAD").name()).as(when).isEqualTo(commit);
      assertThat(git.getRepository().resolve("origin/main").name()).as(when).isEqualTo(commit);
    }
    next.remove(directory);
    return cut;
  }

  private String counts() {
    return registry.getMeters().stream()
        .map(meter ->
            "%s%s %.0f"
                .formatted(
                    meter.getId().getName(),
                    meter.getId().getTags(),
                    meter.measure().iterator().next().getValue()))
        .collect(Collectors.joining(", "));
  }
}
