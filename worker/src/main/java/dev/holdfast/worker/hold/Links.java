package dev.holdfast.worker.hold;

import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.container.Containers;
import dev.holdfast.worker.disk.DiskGuard;
import dev.holdfast.worker.index.CodeIndexes;
import dev.holdfast.worker.keep.Terms;
import dev.holdfast.worker.keep.WorkKeeper;
import dev.holdfast.worker.output.BlobStore;
import dev.holdfast.worker.output.OutputLog;
import dev.holdfast.worker.process.BootClock;
import dev.holdfast.worker.provision.Provisioning;
import dev.holdfast.worker.report.Courier;
import dev.holdfast.worker.report.Heartbeats;
import dev.holdfast.worker.report.Reports;
import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.run.Supervisor;
import dev.holdfast.worker.workspace.Workspaces;
import java.util.function.Supplier;

/** What holds work with: the log on the one side, this machine on the other. */
public record Links(Log log, Machine machine) {
  /** The ways to the cell. */
  public record Log(
      Reports reports, Courier courier, Heartbeats heartbeats, OutputLog output, BlobStore blobs) {}

  /**
   * The ways to disk and processes.
   *
   * @param workspaces made on demand: git takes long to load, and adoption must not wait for it
   * @param indexes of the workspaces' commits
   * @param terms how workspaces are made and what is saved of them
   */
  public record Machine(
      RunDirectories runs,
      Supervisor supervisor,
      Supplier<Workspaces> workspaces,
      Containers containers,
      CodeIndexes indexes,
      Provisioning provisioning,
      Terms terms,
      BootClock clock,
      DiskGuard disk) {}

  /** Keeps an attempt's work. */
  WorkKeeper keeper(Dossier dossier, WorkerId worker) {
    return new WorkKeeper(
        new WorkKeeper.Attempt(worker, dossier.assigned(), dossier.directory()),
        new WorkKeeper.Tools(machine.workspaces(), log.blobs(), log.courier()),
        machine.terms());
  }
}
