package dev.holdfast.worker.disk;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.schemas.codec.JsonSerde;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what belongs to nobody: finds it, waits for a second look, asks for proof, writes down
 * what will go, and lets it go. One thread runs it.
 */
public final class Sweep {
  private static final Logger log = LoggerFactory.getLogger(Sweep.class);
  private static final JsonSerde<Summary> SUMMARIES = JsonSerde.lenient(Summary.class);

  private final Path directory;
  private final List<Stray.Finder> finders;
  private final TwoLooks looks;
  private final SweepJournal journal;
  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final Map<String, Integer> everRemoved = new TreeMap<>();
  private Set<String> unfinished;

  private Sweep(Path directory, List<Stray.Finder> finders, Pace pace, MeterRegistry metrics)
      throws IOException {
    this.directory = directory;
    this.finders = List.copyOf(finders);
    this.looks = new TwoLooks(pace.apart());
    this.clock = pace.clock();
    this.metrics = metrics;
    this.journal = SweepJournal.in(directory);
    this.unfinished = journal.left();
  }

  /**
   * How time passes for a sweep.
   *
   * @param apart between the two looks at a stray
   */
  public record Pace(Duration apart, InstantSource clock) {}

  /**
   * What a sweep came to, for people: the file {@code sweep/summary.json}.
   *
   * @param removed by kind, in this sweep
   * @param kept what looked like a stray, and why it stays
   * @param removedSinceStart by kind, by all sweeps of this incarnation
   */
  public record Summary(
      Instant at,
      Map<String, Integer> removed,
      Map<String, String> kept,
      Map<String, Integer> removedSinceStart) {
    /** How many things went. */
    public int count() {
      return removed.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /** Made over the directory that has its journal and summary. */
  public static Sweep of(
      Path directory, List<Stray.Finder> finders, Pace pace, MeterRegistry metrics)
      throws IOException {
    return new Sweep(directory, finders, pace, metrics);
  }

  /** Sweeps once. */
  public Summary runOnce() throws InterruptedException {
    Instant now = clock.instant();
    var kept = new TreeMap<String, String>();
    List<Stray> condemned = condemned(now, kept);
    var removed = new TreeMap<String, Integer>();
    if (!condemned.isEmpty()) {
      remove(condemned, removed, kept);
    }
    var summary = new Summary(now, removed, kept, Map.copyOf(everRemoved));
    if (summary.count() > 0) {
      log.info("swept {} things that belonged to nobody: {}", summary.count(), removed);
    }
    write(summary);
    return summary;
  }

  private List<Stray> condemned(Instant now, Map<String, String> kept) {
    var condemned = new ArrayList<Stray>();
    List<Stray> all = find();
    List<Stray> ripe = looks.ripe(all, now);
    for (Stray stray : all) {
      if (ripe.contains(stray) || unfinished.contains(SweepJournal.lineOf(stray))) {
        Optional<String> use = livingUse(stray);
        if (use.isEmpty()) {
          condemned.add(stray);
        } else {
          kept.put(SweepJournal.lineOf(stray), use.get());
        }
      }
    }
    return SweepJournal.fitting(condemned);
  }

  private List<Stray> find() {
    var found = new ArrayList<Stray>();
    for (Stray.Finder finder : finders) {
      try {
        finder.find().forEach(found::add);
      } catch (IOException | RuntimeException e) {
        // One that cannot look, such as one whose daemon is away, must not keep the others.
        log.warn("cannot look for what belongs to nobody: {}", e.toString());
      }
    }
    return found;
  }

  private static Optional<String> livingUse(Stray stray) {
    try {
      return stray.livingUse();
    } catch (IOException | RuntimeException e) {
      return Optional.of("cannot be told: " + e);
    }
  }

  private void remove(List<Stray> condemned, Map<String, Integer> removed, Map<String, String> kept)
      throws InterruptedException {
    try {
      journal.begin(condemned);
    } catch (IOException e) {
      log.warn("cannot write down what is to be removed, so nothing is: {}", e.toString());
      return;
    }
    for (Stray stray : condemned) {
      try {
        stray.remove();
        removed.merge(stray.kind(), 1, Integer::sum);
        everRemoved.merge(stray.kind(), 1, Integer::sum);
        metrics.counter("holdfast.worker.swept", "kind", stray.kind()).increment();
      } catch (IOException | RuntimeException e) {
        log.warn("cannot remove {} {}: {}", stray.kind(), stray.name(), e.toString());
        kept.put(SweepJournal.lineOf(stray), "could not be removed: " + e);
      }
    }
    finished();
  }

  private void finished() {
    try {
      journal.done();
      unfinished = Set.of();
    } catch (IOException e) {
      log.warn("cannot clear the sweep's journal, the next sweep does: {}", e.toString());
    }
  }

  private void write(Summary summary) {
    try {
      AtomicFile.replace(directory.resolve("summary.json"), SUMMARIES.write(summary));
    } catch (IOException e) {
      log.debug("cannot write the sweep's summary: {}", e.toString());
    }
  }
}
