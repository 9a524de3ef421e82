package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.KeptKind;
import dev.holdfast.schemas.job.LockWish;
import dev.holdfast.schemas.job.QuotaRule;
import dev.holdfast.schemas.job.RetryPolicy;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What might happen to a cell: mostly what its own state makes likely, some of it late, repeated or
 * about something that never was. The same seed gives the same inputs to the same cell.
 */
public final class RandomInputs {
  private static final int JOBS = 40;
  private static final int WORKERS = 4;

  private final Random random;
  private final Cell cell;
  private final Map<WorkerId, Long> incarnations = new TreeMap<>();
  private final Map<WorkerId, Long> sequences = new TreeMap<>();
  private final List<CellInput> given = new ArrayList<>();
  private Instant now = JobFixtures.START;

  public RandomInputs(long seed, Cell cell) {
    this.random = new Random(seed);
    this.cell = cell;
  }

  public Instant now() {
    return now;
  }

  public CellInput next() {
    now = now.plus(Duration.ofMillis(random.nextInt(4_000)));
    CellInput input = choose();
    given.add(input);
    return input;
  }

  private CellInput choose() {
    return switch (random.nextInt(23)) {
      case 0, 1, 2, 3 -> JobFixtures.submit(anyJob(), anySpec());
      case 4, 5, 6, 7, 8 -> presence();
      case 9 -> JobFixtures.cancel(anyJob());
      case 10 -> workerStarted();
      case 11 -> given.isEmpty() ? presence() : given.get(random.nextInt(given.size()));
      case 12 -> aboutAttempt(anyWorker(), anyJob(), anyToken(), random.nextInt(3));
      case 13 -> operation();
      case 14 -> new CellInput.TimePassed();
      default -> aboutRunning();
    };
  }

  /** Something about an attempt that runs, if one does. */
  private CellInput aboutRunning() {
    List<Job> running =
        cell.jobs().stream().filter(job -> job.standing() instanceof Running).toList();
    if (running.isEmpty()) {
      return presence();
    }
    Job job = running.get(random.nextInt(running.size()));
    var run = (Running) job.standing();
    return aboutAttempt(run.worker(), job.id(), run.token(), run.leaseSequence());
  }

  private CellInput aboutAttempt(WorkerId worker, JobId job, Token token, long leaseSequence) {
    return switch (random.nextInt(16)) {
      case 0, 1 -> JobFixtures.taken(worker, job, token);
      case 2 -> JobFixtures.entered(worker, job, token, any(Phase.values()));
      case 3, 4, 5 -> JobFixtures.ended(worker, job, token, anyOutcome());
      case 6 -> JobFixtures.lost(worker, job, token);
      case 7 -> JobFixtures.released(worker, job, token);
      case 8 -> JobFixtures.adopted(worker, job, token, incarnation(worker));
      case 9 -> JobFixtures.renew(worker, job, token);
      case 10 -> JobFixtures.flagLate(job, token, leaseSequence);
      case 11 -> JobFixtures.flagStale(job, token, leaseSequence);
      case 12 -> JobFixtures.flagOnTime(job, token, leaseSequence);
      case 14 ->
          JobFixtures.endedAtLimit(
              worker, job, token, random.nextBoolean() ? null : now.plusSeconds(40));
      case 13 -> JobFixtures.kept(worker, job, token, any(KeptKind.values()));
      default -> JobFixtures.requeueStale(job, token, leaseSequence);
    };
  }

  private CellInput presence() {
    WorkerId worker = anyWorker();
    long sequence = sequences.merge(worker, 1L, Long::sum);
    var announcement =
        JobFixtures.presence(worker, incarnation(worker), sequence, random.nextInt(5));
    return random.nextBoolean() ? JobFixtures.withContainers(announcement) : announcement;
  }

  /** What operators do, mostly undone soon. */
  private CellInput operation() {
    Control control =
        any(
            new Control.Pause(any(Control.PauseScope.values()), anyOwner(), now.plusSeconds(30)),
            new Control.Pause(Control.PauseScope.POOL, anyPool(), null),
            new Control.Limit(Control.LimitScope.OWNER, anyOwner(), random.nextInt(3)),
            new Control.Weight(anyOwner(), 1 + random.nextInt(3)),
            new Control.Drain(anyWorker()),
            new Control.Permits(anyLock(), 1 + random.nextInt(3)));
    return switch (random.nextInt(8)) {
      case 0, 1 -> JobFixtures.set(control);
      case 2 -> releaseLock();
      default ->
          JobFixtures.remove(
              cell.standingControls().stream()
                  .map(standing -> standing.control().key())
                  .skip(random.nextInt(1 + cell.standingControls().size()))
                  .findFirst()
                  .orElse(control.key()));
    };
  }

  private CellInput releaseLock() {
    String lock = anyLock();
    List<JobId> holders = cell.holdersOf(lock);
    return JobFixtures.releaseLock(lock, holders.isEmpty() ? anyJob() : holders.getFirst());
  }

  /** Half of the jobs ask for something that others do not. */
  private JobSpec anySpec() {
    int priority = random.nextInt(3) * 4;
    return switch (random.nextInt(8)) {
      case 0, 1 -> JobFixtures.containerSpec(priority);
      case 2 ->
          JobFixtures.scheduled(
              priority,
              JobFixtures.scheduling(anyOwner(), anyPool(), now.plusSeconds(random.nextInt(60))),
              List.of(),
              null,
              null);
      case 3 -> JobFixtures.locking(priority, new LockWish(anyLock(), 1));
      case 4 ->
          JobFixtures.scheduled(
              priority,
              JobFixtures.scheduling(anyOwner(), null, null),
              List.of(new LockWish("lock-0", 1), new LockWish("lock-1", 1 + random.nextInt(2))),
              RetryPolicy.ofAttempts(3),
              null);
      case 5 ->
          JobFixtures.scheduled(
              priority,
              JobFixtures.scheduling(anyOwner(), null, null),
              List.of(),
              RetryPolicy.ofAttempts(2),
              new QuotaRule(anyOwner(), new TreeSet<>(List.of(42)), null, Duration.ofSeconds(20)));
      default -> JobFixtures.spec(priority);
    };
  }

  private String anyOwner() {
    return any("owner-0", "owner-1", "owner-2");
  }

  private String anyPool() {
    return any("default", "default", "special");
  }

  private String anyLock() {
    return any("lock-0", "lock-1", "lock-2");
  }

  /** A new incarnation that finds most of what the worker is believed to hold, and more. */
  private CellInput workerStarted() {
    WorkerId worker = anyWorker();
    long incarnation = incarnations.merge(worker, 1L, Long::sum);
    List<HeldAttempt> held = new ArrayList<>();
    for (Job job : cell.jobs()) {
      if (job.standing() instanceof Running run
          && run.worker().equals(worker)
          && random.nextInt(3) > 0) {
        held.add(new HeldAttempt(job.id(), run.token()));
      }
    }
    if (random.nextBoolean()) {
      held.add(new HeldAttempt(anyJob(), anyToken()));
    }
    return JobFixtures.started(worker, incarnation, held.toArray(HeldAttempt[]::new));
  }

  private long incarnation(WorkerId worker) {
    return incarnations.computeIfAbsent(worker, id -> 1L);
  }

  private JobId anyJob() {
    return JobFixtures.job("job-" + random.nextInt(JOBS));
  }

  private WorkerId anyWorker() {
    return JobFixtures.worker("worker-" + random.nextInt(WORKERS));
  }

  private Token anyToken() {
    return new Token(1 + random.nextLong(cell.counters().token() + 1));
  }

  private Outcome anyOutcome() {
    return any(
        new Outcome.Exited(0),
        new Outcome.Exited(3),
        new Outcome.Signalled(9),
        new Outcome.TimedOut("run"),
        new Outcome.Cancelled(0),
        new Outcome.Failed("ref-unknown", "no such ref"));
  }

  @SafeVarargs
  private <T> T any(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
