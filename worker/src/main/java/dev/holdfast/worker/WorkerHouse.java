package dev.holdfast.worker;

import dev.holdfast.worker.container.Containers;
import dev.holdfast.worker.disk.Cache;
import dev.holdfast.worker.disk.Caches;
import dev.holdfast.worker.disk.CgroupStrays;
import dev.holdfast.worker.disk.DiskGuard;
import dev.holdfast.worker.disk.Housekeeping;
import dev.holdfast.worker.disk.IndexCache;
import dev.holdfast.worker.disk.IndexStrays;
import dev.holdfast.worker.disk.LooseFiles;
import dev.holdfast.worker.disk.MirrorStrays;
import dev.holdfast.worker.disk.RunStrays;
import dev.holdfast.worker.disk.Shedding;
import dev.holdfast.worker.disk.Stray;
import dev.holdfast.worker.disk.Sweep;
import dev.holdfast.worker.disk.Trash;
import dev.holdfast.worker.hold.AttemptDesk;
import dev.holdfast.worker.index.IndexShelf;
import dev.holdfast.worker.process.ShimBinary;
import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.run.Supervisor;
import dev.holdfast.worker.run.WorkerHome;
import dev.holdfast.worker.workspace.MirrorShelf;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** How a worker keeps its disk in order: what is looked for there, and what can be given up. */
final class WorkerHouse implements AutoCloseable {
  private static final Duration LOOKS_APART = Duration.ofSeconds(30);

  private final Housekeeping housekeeping;
  private final Shedding shedding;

  private WorkerHouse(Housekeeping housekeeping, Shedding shedding) {
    this.housekeeping = housekeeping;
    this.shedding = shedding;
  }

  /** Who can tell what is in use, end it, and save the work in it. */
  record Tools(
      AttemptDesk desk, RunStrays.Care care, Supervisor supervisor, Containers containers) {}

  static WorkerHouse open(
      WorkerConfig.Disk settings,
      WorkerHome home,
      RunDirectories runs,
      Tools tools,
      MeterRegistry metrics)
      throws IOException {
    Path data = home.directory();
    InstantSource clock = InstantSource.system();
    Path shim = ShimBinary.unpackTo(data.resolve("shim"));
    Trash trash = Trash.in(data.resolve("trash"));
    var mirrors = new MirrorShelf(home.mirrors());
    List<Stray.Finder> finders =
        List.of(
            new RunStrays(runs, tools.desk()::holds, tools.care(), trash, clock),
            new LooseFiles(data, runs.root(), shim, trash),
            new MirrorStrays(mirrors, runs, trash, clock),
            new IndexStrays(home.indexes(), trash),
            new CgroupStrays(tools.supervisor(), runs),
            tools.containers().strays(),
            tools.containers().unusedImages(runs, settings.imagesUnused()));
    List<Cache> caches =
        List.of(
            Caches.mirrors(mirrors, runs, trash),
            IndexCache.of(new IndexShelf(home.indexes(), home.runs())),
            tools.containers().images(runs),
            Caches.finishedWork(runs, trash),
            Caches.evidence(runs, mirrors, tools.care().rescue(), trash));
    var sweep =
        Sweep.of(data.resolve("sweep"), finders, new Sweep.Pace(LOOKS_APART, clock), metrics);
    return new WorkerHouse(new Housekeeping(sweep, mirrors, runs), new Shedding(caches, metrics));
  }

  /** Begins to keep house and to watch the disk. */
  void begin(WorkerConfig config, DiskGuard disk, Runnable offerChanged) {
    Duration interval = config.disk().sweepEvery();
    housekeeping.begin(interval, interval.compareTo(LOOKS_APART) < 0 ? interval : LOOKS_APART);
    disk.begin(config.cell().tick(), offerChanged, shedding::begin);
  }

  @Override
  public void close() {
    housekeeping.close();
  }
}
