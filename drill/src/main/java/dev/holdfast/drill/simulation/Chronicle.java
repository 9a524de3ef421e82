package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What happened to each job and to the machines, for whoever must understand a violation. */
final class Chronicle {
  private static final int LONGEST_STORY = 120;
  private static final int LONGEST_LINE = 240;

  private final Scheduler scheduler;
  private final List<Note> common = new ArrayList<>();
  private final Map<JobId, List<Note>> byJob = new HashMap<>();
  private long written;

  Chronicle(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  private static final class Note {
    final long order;
    final long atMs;
    final Object[] parts;
    int steps;
    long lastStepMs;

    Note(long order, long atMs, Object... parts) {
      this.order = order;
      this.atMs = atMs;
      this.parts = parts;
    }

    long order() {
      return order;
    }

    @Override
    public String toString() {
      String what =
          Arrays.stream(parts)
              .flatMap(
                  part -> part instanceof Object[] more ? Arrays.stream(more) : Stream.of(part))
              .map(String::valueOf)
              .collect(Collectors.joining(" "));
      String many = steps == 0 ? "" : " x %d until %.3f s".formatted(steps, lastStepMs / 1000.0);
      String line = "%10.3f s  %s%s".formatted(atMs / 1000.0, what, many);
      return line.substring(0, Math.min(line.length(), LONGEST_LINE));
    }
  }

  /** Something that concerns every job; it is put into words only when somebody asks. */
  void note(Object... parts) {
    common.add(new Note(written++, scheduler.nowMs(), parts));
  }

  void note(JobId job, Object... parts) {
    of(job).add(new Note(written++, scheduler.nowMs(), parts));
  }

  /** A step of an attempt; as many as follow each other are one line. */
  void step(JobId job, Token token) {
    List<Note> notes = of(job);
    Note last = notes.isEmpty() ? null : notes.getLast();
    if (last == null || last.steps == 0 || !token.equals(last.parts[1])) {
      last = new Note(written++, scheduler.nowMs(), "step under token", token);
      notes.add(last);
    }
    last.steps++;
    last.lastStepMs = scheduler.nowMs();
  }

  /** The story of one job, as far as it is not too long. */
  String of(JobId job, String title) {
    List<Note> notes =
        Stream.concat(common.stream(), of(job).stream())
            .sorted(Comparator.comparingLong(Note::order))
            .toList();
    int skipped = Math.max(0, notes.size() - LONGEST_STORY);
    return notes.stream()
        .skip(skipped)
        .map(Note::toString)
        .collect(
            Collectors.joining(
                "\n", title + (skipped > 0 ? " (" + skipped + " lines before)\n" : "\n"), ""));
  }

  private List<Note> of(JobId job) {
    return byJob.computeIfAbsent(job, id -> new ArrayList<>());
  }
}
