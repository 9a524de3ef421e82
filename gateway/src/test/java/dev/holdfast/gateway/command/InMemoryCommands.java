package dev.holdfast.gateway.command;

import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.job.JobCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The commands topic in memory; a coordinator may listen to it. */
public final class InMemoryCommands implements Commands {
  private final List<JobCommand> sent = new CopyOnWriteArrayList<>();
  private final List<CellCommand> sentToCell = new CopyOnWriteArrayList<>();
  private volatile Consumer<JobCommand> coordinator = command -> {};
  private volatile Consumer<CellCommand> cell = command -> {};
  private volatile boolean down;

  @Override
  public CompletableFuture<Void> send(JobCommand command) {
    if (down) {
      return CompletableFuture.failedFuture(new NotAccepted("Kafka is down"));
    }
    sent.add(command);
    coordinator.accept(command);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> send(CellCommand command) {
    if (down) {
      return CompletableFuture.failedFuture(new NotAccepted("Kafka is down"));
    }
    sentToCell.add(command);
    cell.accept(command);
    return CompletableFuture.completedFuture(null);
  }

  public List<CellCommand> sentToCell() {
    return List.copyOf(sentToCell);
  }

  public List<JobCommand> sent() {
    return List.copyOf(sent);
  }

  /** Decides each command as it is sent. */
  public void decidedBy(Consumer<JobCommand> decide) {
    coordinator = decide;
  }

  /** Decides each command that is about the cell as it is sent. */
  public void cellDecidedBy(Consumer<CellCommand> decide) {
    cell = decide;
  }

  public void down(boolean now) {
    down = now;
  }
}
