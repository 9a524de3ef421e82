package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.schemas.lease.Liveness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Submits jobs, some of them twice or with another spec under the same id; cancels some. */
final class Clients {
  private static final int SUBMITTED_AGAIN_ONE_IN = 4;
  private static final int CONFLICTING_ONE_IN = 12;
  private static final int CANCELLED_ONE_IN = 8;
  private static final int HANDLER_ONE_IN = 3;
  private static final long LONGEST_WORK_MS = 700_000;
  private static final long LONGEST_HANDLER_MS = 120_000;
  private static final long LONGEST_STEP_MS = 4_000;

  private static final List<Integer> IMPATIENT_ONE_IN = List.of(1, 3, 1_000);

  /** The shortest that a cell with this tick accepts. */
  private static final Liveness SHORTEST = shortest(World.TICK);

  private final World world;
  private final Cast cast;
  private final Referee referee;
  private final Wishes wishes;
  private final Post post;
  private final List<JobId> submitted = new ArrayList<>();
  private final int impatientOneIn;

  Clients(World world, Cast cast, Referee referee, Wishes wishes) {
    this.wishes = wishes;
    this.world = world;
    this.cast = cast;
    this.referee = referee;
    this.impatientOneIn = world.chance().oneOf(IMPATIENT_ONE_IN);
    var life = new Life(world.scheduler(), world.chance(), 1);
    this.post = new Post(world, life, new Link(world.broker(), world.chance()));
  }

  List<JobId> submitted() {
    return submitted;
  }

  /** Plans so many jobs, all of them to be submitted within that time. */
  void plan(int jobs, long withinMs) {
    for (int number = 1; number <= jobs; number++) {
      var job = new JobId("job-" + number);
      submitted.add(job);
      plan(job, withinMs);
    }
  }

  private void plan(JobId job, long withinMs) {
    Chance chance = world.chance();
    boolean handler = chance.oneIn(HANDLER_ONE_IN);
    long longestMs = handler ? LONGEST_HANDLER_MS : LONGEST_WORK_MS;
    long durationMs =
        chance.oneIn(2) ? chance.spread(500, longestMs) : chance.between(longestMs / 8, longestMs);
    int steps = (int) Math.max(1, 2 * durationMs / LONGEST_STEP_MS);
    int exitCode = handler || chance.oneIn(2) ? 0 : (int) chance.between(1, 255);
    cast.works().put(job, new Work(handler, steps, LONGEST_STEP_MS, exitCode));

    long firstMs = chance.between(0, withinMs);
    Liveness liveness = chance.oneIn(impatientOneIn) ? SHORTEST : World.LIVENESS;
    JobSpec spec = wishes.of(job, spec(handler, job.value(), liveness));
    send(firstMs, new JobCommand.Submit(job, spec, "client", null));
    if (chance.oneIn(SUBMITTED_AGAIN_ONE_IN)) {
      long laterMs = firstMs + chance.spread(10, withinMs);
      send(laterMs, new JobCommand.Submit(job, spec, "client", null));
    }
    if (chance.oneIn(CONFLICTING_ONE_IN)) {
      long laterMs = firstMs + chance.spread(10, withinMs);
      send(laterMs, new JobCommand.Submit(job, spec(handler, "other", liveness), "client", null));
    }
    if (chance.oneIn(CANCELLED_ONE_IN)) {
      referee.cancelAsked(job);
      long laterMs = firstMs + chance.spread(2_000, withinMs);
      send(laterMs, new JobCommand.Cancel(job, "client", null, null));
    }
  }

  private void send(long afterMs, JobCommand command) {
    world
        .scheduler()
        .after(afterMs, () -> post.deliver(world.broker().commands(), command, () -> {}));
  }

  private static Liveness shortest(Duration tick) {
    for (Duration staleAfter = tick; ; staleAfter = staleAfter.plus(tick)) {
      try {
        return new Liveness(staleAfter.dividedBy(4), staleAfter).checkedAgainst(tick);
      } catch (InvalidField tooShort) {
        continue;
      }
    }
  }

  private static JobSpec spec(boolean handler, String argument, Liveness liveness) {
    return new JobSpec(
        handler ? List.of() : List.of("work", argument),
        handler ? "work-" + argument : null,
        null,
        new TreeMap<>(),
        new TreeMap<>(),
        JobSpec.DEFAULT_PRIORITY,
        Timeouts.NONE,
        liveness);
  }
}
