package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.worker.workspace.Journal.Operation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * A worker's directory in which one process after the other is killed with SIGKILL in the middle of
 * an operation, which is chosen first; then an instant within it. What the next process, which is
 * the test's own, makes of it must be whole every time. Owned by one thread.
 */
final class KillingLane implements AutoCloseable {

  static final List<Operation> OPERATIONS =
      List.of(Operation.CLONE, Operation.FETCH, Operation.CHECKOUT, Operation.BUNDLE);

  /** The last of those that begin earlier is being killed while these start. */
  private static final int KEPT_WARM = 2;

  private static final int ONE_IN_TRACED = 6;
  private static final int MOST_CALLS = 20;
  private static final int MOST_NEW_COMMITS = 6;
  private static final long LOOK_EVERY_NS = 100_000;

  private final Setting setting;
  private final Random random;
  private final Deque<PreparingProcess> warm = new ArrayDeque<>();
  private final Map<Operation, Long> spansNs = new EnumMap<>(Operation.class);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final GitWorkspaces next;
  private int position;
  private int kills;
  private int jobs;

  /**
   * Where it happens.
   *
   * @param root the worker's directory
   * @param history behind the URL, moved along by this lane alone
   * @param traces whether system calls can be counted here
   */
  record Setting(
      Path root, LongHistory history, String url, VictimClasses classes, boolean traces) {}

  KillingLane(Setting setting, long seed) {
    this.setting = setting;
    this.random = new Random(seed);
    this.position = setting.history().commits().size() / 2;
    this.next =
        new GitWorkspaces(
            new GitSettings(
                setting.root().resolve("mirrors"),
                Duration.ofSeconds(30),
                setting.root().resolve("ssh")),
            Secrets.NONE,
            new GitMetrics(registry),
            InstantSource.fixed(WorkspaceFixture.NOW));
    setting.history().moveTo(position);
  }

  /** What a process is told, and the record that stands while it is at the operation. */
  private record Order(String job, String words, Path journal) {}

  /** Lets undisturbed processes do all of it, which tells how long each operation takes. */
  void learn() throws Exception {
    checkWorkspace(arrange(Operation.CLONE));
    try (PreparingProcess first = start()) {
      first.awaitReady();
      for (Operation operation : OPERATIONS) {
        Order order = arrange(operation);
        first.order(order.words());
        assertThat(first.awaitDone()).isTrue();
        check(operation, order);
      }
      // Its classes are archived for all that come after it.
      first.finish();
    }
    for (Operation operation : OPERATIONS) {
      Order order = arrange(operation);
      try (PreparingProcess undisturbed = start()) {
        undisturbed.awaitReady();
        undisturbed.order(order.words());
        awaitBegun(order, undisturbed);
        long began = System.nanoTime();
        while (Files.exists(order.journal()) && !undisturbed.hasNews()) {
          LockSupport.parkNanos(LOOK_EVERY_NS);
        }
        spansNs.put(operation, System.nanoTime() - began);
        assertThat(undisturbed.awaitDone()).isTrue();
      }
      check(operation, order);
    }
  }

  /** Kills until each operation was hit so often. */
  void run(int hitsEach, int mostRounds) throws Exception {
    for (int round = 0; round < mostRounds && fewest() < hitsEach; round++) {
      Operation operation =
          OPERATIONS.stream().min(Comparator.comparingInt(this::hits)).orElseThrow();
      PreparingProcess victim = victim();
      Order order = arrange(operation);
      victim.awaitReady();
      int before = hits(operation);
      boolean traced = setting.traces() && random.nextInt(ONE_IN_TRACED) == 0;
      double part = random.nextDouble();

      if (traced) {
        killAtACall(victim, order);
      } else {
        killWithin(victim, order, (long) (spansNs.get(operation) * part));
      }
      kills++;
      check(operation, order);

      if (!traced) {
        adapt(operation, part, hits(operation) > before);
      }
    }
  }

  private PreparingProcess victim() throws IOException {
    while (warm.size() <= KEPT_WARM) {
      warm.add(start());
    }
    return warm.remove();
  }

  private PreparingProcess start() throws IOException {
    return PreparingProcess.start(setting.classes(), setting.url(), setting.root());
  }

  /** A busy machine is slower now and faster then. */
  private void adapt(Operation operation, double part, boolean hit) {
    if (!hit) {
      spansNs.computeIfPresent(operation, (same, span) -> Math.max(1, (long) (span * part)));
    } else if (part > 0.8) {
      spansNs.computeIfPresent(operation, (same, span) -> span + span / 4);
    }
  }

  private static void killWithin(PreparingProcess victim, Order order, long delayNs)
      throws Exception {
    victim.order(order.words());
    awaitBegun(order, victim);
    LockSupport.parkNanos(delayNs);
    victim.kill();
  }

  private void killAtACall(PreparingProcess victim, Order order) throws Exception {
    try (Strace _ = Strace.killingAt(victim.process().pid(), 1 + random.nextInt(MOST_CALLS))) {
      victim.order(order.words());
      victim.awaitDone();
    }
    victim.kill();
  }

  private static void awaitBegun(Order order, PreparingProcess victim) throws IOException {
    while (!Files.exists(order.journal()) && !victim.hasNews()) {
      LockSupport.parkNanos(LOOK_EVERY_NS);
    }
  }

  /** Makes it so that this operation is the first thing to do. */
  private Order arrange(Operation operation) throws Exception {
    String job = "job-" + jobs++;
    Path mirrors = setting.root().resolve("mirrors");
    Path mirrorJournal = mirrors.resolve(RemoteUrl.parse(setting.url()).mirrorName() + ".journal");
    return switch (operation) {
      case CLONE -> {
        FileTrees.delete(mirrors);
        yield new Order(job, "prepare " + job, mirrorJournal);
      }
      case FETCH -> {
        position += 1 + random.nextInt(MOST_NEW_COMMITS);
        setting.history().moveTo(position);
        yield new Order(job, "prepare " + job, mirrorJournal);
      }
      case CHECKOUT -> {
        // By its id, so that the server is not asked.
        yield new Order(
            job,
            "prepare " + job + " " + commit(),
            directory(job).resolveSibling("work tree.journal"));
      }
      case BUNDLE -> {
        prepare(job);
        work(directory(job));
        yield new Order(job, "collect " + job, results(job).resolve(".journal"));
      }
      case SWAP -> throw new IllegalArgumentException("there is no way to ask for a swap");
    };
  }

  private String commit() {
    return setting.history().commits().get(position);
  }

  private Path directory(String job) {
    return setting.root().resolve("runs").resolve(job).resolve("work tree");
  }

  private Path results(String job) {
    return directory(job).resolveSibling("results");
  }

  private PreparedWorkspace prepare(String job) {
    return next.prepare(
        directory(job),
        new RepositoryRef(setting.url(), Optional.empty()),
        "holdfast/" + job,
        () -> false);
  }

  private static void work(Path workspace) throws Exception {
    try (Git work = Git.open(workspace.toFile())) {
      Files.writeString(workspace.resolve("committed.txt"), "committed\n");
      work.add().addFilepattern("committed.txt").call();
      work.commit().setMessage("work").setAuthor("j", "j@x").setCommitter("j", "j@x").call();
      Files.writeString(workspace.resolve("loose.txt"), "loose\n");
    }
  }

  /** What the next process makes of it. */
  private void check(Operation operation, Order order) throws Exception {
    if (operation == Operation.BUNDLE) {
      checkBundle(order);
    } else {
      checkWorkspace(order);
    }
    FileTrees.delete(directory(order.job()).getParent());
  }

  private void checkWorkspace(Order order) throws Exception {
    String when = order.toString();
    PreparedWorkspace workspace = prepare(order.job());

    assertThat(workspace.baseCommit()).as(when).isEqualTo(commit());
    checkObjects(workspace.directory(), when);
    try (Git git = Git.open(workspace.directory().toFile())) {
      assertThat(git.status().call().isClean()).as(when + ": files equal the commit").isTrue();
      assertThat(git.getRepository().resolve("HEAD").name()).as(when).isEqualTo(commit());
      assertThat(git.getRepository().resolve("origin/main").name()).as(when).isEqualTo(commit());
    }
  }

  private void checkBundle(Order order) throws Exception {
    String when = order.toString();
    Path workspace = directory(order.job());
    Collected collected = next.collect(workspace, results(order.job()), CollectLimits.DEFAULT);

    assertThat(collected.notes()).as(when).isEmpty();
    assertThat(collected.summary().orElseThrow().commits()).as(when).isEqualTo(1);
    assertThat(collected.diff().orElseThrow()).as(when).content().contains("+committed", "+loose");
    // Git checks that what it takes out of the bundle is whole.
    git(
        workspace,
        "fetch",
        "-q",
        collected.bundle().orElseThrow().toString(),
        "+refs/*:refs/saved/*");
    try (Git git = Git.open(workspace.toFile())) {
      Repository repository = git.getRepository();
      RevCommit saved =
          repository.parseCommit(repository.resolve("refs/saved/holdfast/uncommitted"));
      for (String file : List.of("committed.txt", "loose.txt")) {
        try (TreeWalk found = TreeWalk.forPath(repository, file, saved.getTree())) {
          assertThat(found).as(when + ": " + file).isNotNull();
        }
      }
    }
  }

  /** Git itself looks through the mirror's objects too: origin/main is all of its refs. */
  private static void checkObjects(Path workspace, String when) {
    GitCli.Outcome checked =
        GitCli.tryGit(workspace, "fsck", "--connectivity-only", "--no-dangling");
    assertThat(checked.exitCode()).as(when + ": " + checked.output()).isZero();
    assertThat(checked.output()).as(when).isEmpty();
  }

  /** How often an operation was found cut off by whoever came next. */
  int hits(Operation operation) {
    Counter counter =
        registry
            .find("holdfast.worker.git.operations.cut")
            .tag("operation", operation.name().toLowerCase(Locale.ROOT))
            .counter();
    return counter == null ? 0 : (int) counter.count();
  }

  private int fewest() {
    return OPERATIONS.stream().mapToInt(this::hits).min().orElseThrow();
  }

  int kills() {
    return kills;
  }

  Map<Operation, Long> spansNs() {
    return spansNs;
  }

  SimpleMeterRegistry registry() {
    return registry;
  }

  @Override
  public void close() throws InterruptedException {
    for (PreparingProcess process : warm) {
      process.close();
    }
  }
}
