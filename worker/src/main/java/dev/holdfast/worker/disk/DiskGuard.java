package dev.holdfast.worker.disk;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.worker.DiskSpace;
import dev.holdfast.schemas.worker.Unavailability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the room on the worker's disk and answers for it. A thread of its own looks at an
 * interval; whoever asks gets a fresh look too, since a job can fill a disk within one.
 */
public final class DiskGuard implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DiskGuard.class);

  /** What of a repository is remembered besides its run directories. */
  private static final String MIRROR = ":mirror";

  private final Path data;
  private final Path mirrors;
  private final FileSystemRoom.Probe probe;
  private final OptionalLong reserveBytes;
  private final InstantSource clock;
  private final History history;
  private final Map<HeldAttempt, Footprint> pledged = new ConcurrentHashMap<>();
  private volatile Watch watch = new Watch(() -> {}, wanted -> {});
  private DiskState state;
  private @Nullable Room newest;
  private @Nullable Instant lastFull;
  private volatile boolean closed;

  /** Whom to tell: that the offer changed, and that room is wanted. */
  private record Watch(Runnable changed, Consumer<Wanted> shed) {}

  /** Room that is to be made by giving up caches. */
  public interface Wanted {
    /** Whether there is enough by now. */
    boolean met();
  }

  private DiskGuard(
      Path data, FileSystemRoom.Probe probe, OptionalLong reserveBytes, InstantSource clock) {
    this.data = data;
    this.mirrors = data.resolve("mirrors");
    this.probe = probe;
    this.reserveBytes = reserveBytes;
    this.clock = clock;
    this.history = History.open(data.resolve("disk-history"));
    this.state = DiskState.roomy(clock.instant());
  }

  /**
   * Guards the file system of a worker's directory; looks when asked until it {@link #begin}s.
   *
   * @param reserveBytes that no job may use; empty for 5 %, but not more than 1 GiB
   */
  public static DiskGuard of(Path data, OptionalLong reserveBytes) {
    return new DiskGuard(data, FileSystemRoom.of(data), reserveBytes, InstantSource.system());
  }

  /** For tests, which decide what there is. */
  static DiskGuard of(
      Path data, FileSystemRoom.Probe probe, OptionalLong reserveBytes, InstantSource clock) {
    return new DiskGuard(data, probe, reserveBytes, clock);
  }

  /**
   * Looks again and again from now on.
   *
   * @param changed called when the worker may offer more or less than before
   * @param shed called, on the guard's thread, when caches should give room
   */
  public void begin(Duration interval, Runnable changed, Consumer<Wanted> shed) {
    watch(changed, shed);
    Thread.ofVirtual()
        .name("disk")
        .start(() -> {
          try {
            while (!closed) {
              lookOnce();
              Thread.sleep(interval);
            }
          } catch (InterruptedException e) {
            log.debug("the disk is watched no more");
          }
        });
  }

  void watch(Runnable changed, Consumer<Wanted> shed) {
    watch = new Watch(changed, shed);
  }

  void lookOnce() {
    try {
      DiskState now = look();
      if (now.wantsRoom(clock.instant())) {
        watch.shed().accept(() -> look().takesWork());
      }
    } catch (RuntimeException e) {
      log.error("looking at the disk met a bug; the next look follows", e);
    }
  }

  /** Looks now. */
  private DiskState look() {
    boolean changed;
    DiskState now;
    synchronized (this) {
      DiskState before = state;
      try {
        Room room = probe.look();
        newest = room;
        state = before.next(room, Marks.of(reserveBytes, room), clock.instant());
        if (state.level() == DiskState.Level.CRITICAL) {
          lastFull = clock.instant();
        }
      } catch (IOException e) {
        log.warn("the disk of {} does not answer: {}", data, e.toString());
      }
      now = state;
      changed = before.takesWork() != now.takesWork();
    }
    if (changed) {
      say(now);
      watch.changed().run();
    }
    return now;
  }

  private void say(DiskState now) {
    if (now.takesWork()) {
      log.info("there is room in {} again: work is taken", data);
    } else {
      log.warn("no room in {}: {}; nothing new is taken until there is", data, now.reason());
    }
  }

  /** Whether work is taken, as of the newest look. */
  public synchronized boolean takesWork() {
    return state.takesWork();
  }

  /** Why nothing is taken; empty if there is room. */
  public synchronized Optional<Unavailability> unavailability() {
    return state.takesWork()
        ? Optional.empty()
        : Optional.of(new Unavailability("disk", state.reason(), state.since()));
  }

  /** What to announce; null if the file system does not answer. */
  public @Nullable DiskSpace space() {
    look();
    synchronized (this) {
      Room room = newest;
      return room == null ? null : room.announced(Marks.of(reserveBytes, room));
    }
  }

  /**
   * Whether there is room for an attempt; if so it counts as taken until {@link #settled}.
   *
   * @param repository the name of its mirror; empty if it has none
   * @return why not
   */
  public Optional<String> refusal(HeldAttempt attempt, Optional<String> repository) {
    DiskState now = look();
    Room room;
    synchronized (this) {
      room = newest;
    }
    if (room == null) {
      return Optional.empty();
    }
    if (!now.takesWork()) {
      return Optional.of("the worker's disk is short of room: " + now.reason());
    }
    Footprint need = expected(repository, room);
    Footprint promised = pledged.values().stream().reduce(Footprint.NOTHING, Footprint::plus);
    var marks = Marks.of(reserveBytes, room);
    Footprint all = need.plus(promised);
    if (!room.hasBytes(all.bytes() + marks.reserveBytes())
        || !room.hasInodes(all.inodes() + marks.reserveInodes())) {
      watch.shed().accept(() -> fits(all));
      return Optional.of(refusal(room, marks, need, promised));
    }
    pledged.put(attempt, need);
    return Optional.empty();
  }

  /** As much as before, and the mirror once more if it was given up, or never finished. */
  private Footprint expected(Optional<String> repository, Room room) {
    Footprint own = repository.flatMap(history::most).orElse(Footprint.unknown(room));
    Footprint mirror =
        repository
            .filter(name -> !Files.exists(mirrors.resolve(name)))
            .flatMap(name -> history.most(name + MIRROR))
            .orElse(Footprint.NOTHING);
    return own.plus(mirror);
  }

  private boolean fits(Footprint all) {
    try {
      Room room = probe.look();
      var marks = Marks.of(reserveBytes, room);
      return room.hasBytes(all.bytes() + marks.reserveBytes())
          && room.hasInodes(all.inodes() + marks.reserveInodes());
    } catch (IOException e) {
      return true;
    }
  }

  private static String refusal(Room room, Marks marks, Footprint need, Footprint promised) {
    return "the attempt is expected to need %s and %d files on the worker's disk; %s and %s files are free, of which %s are reserved and %s promised to attempts that are starting"
        .formatted(
            Bytes.say(need.bytes()),
            need.inodes(),
            Bytes.say(room.freeBytes()),
            room.freeInodes() == Room.UNLIMITED ? "any number of" : "" + room.freeInodes(),
            Bytes.say(marks.reserveBytes()),
            Bytes.say(promised.bytes()));
  }

  /** The attempt has its workspace, or will never have one: what it takes can be seen. */
  public void settled(HeldAttempt attempt) {
    pledged.remove(attempt);
  }

  /** Remembers what an attempt that is over has taken, and its mirror, for the next one. */
  public void over(HeldAttempt attempt, Optional<String> repository, Path directory) {
    settled(attempt);
    if (repository.isPresent()) {
      try {
        history.learn(repository.get(), Footprint.of(directory));
        Path mirror = mirrors.resolve(repository.get());
        if (Files.exists(mirror)) {
          history.learn(repository.get() + MIRROR, Footprint.of(mirror));
        }
      } catch (IOException e) {
        log.debug("cannot tell what {} and its mirror take: {}", directory, e.toString());
      }
    }
  }

  /** Whether the disk was seen nearly full after that moment, or is now; in words. */
  public Optional<String> wasFullSince(Instant begin) {
    look();
    synchronized (this) {
      Room room = newest;
      return lastFull == null || lastFull.isBefore(begin) || room == null
          ? Optional.empty()
          : Optional.of(
              "the worker's disk was full while it ran (last seen at %s; now %s are free of %s): if a write failed with \"No space left on device\", that is why"
                  .formatted(lastFull, Bytes.say(room.freeBytes()), Bytes.say(room.totalBytes())));
    }
  }

  @Override
  public void close() {
    closed = true;
    history.close();
  }
}
