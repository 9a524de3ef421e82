package dev.holdfast.gateway.command;

import dev.holdfast.gateway.log.Subscribers;
import dev.holdfast.gateway.view.CellQueries;
import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.job.JobId;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What operators ask of the cell. Asking twice changes nothing twice. */
public final class CellRequests {
  private final Commands commands;
  private final CellQueries cell;
  private final Petition<String, CellEvent> petition;

  public CellRequests(
      Commands commands,
      Subscribers<String, CellEvent> events,
      CellQueries cell,
      Submissions.Waiting wait) {
    this.commands = commands;
    this.cell = cell;
    this.petition = new Petition<>(events, wait.blocking(), wait.atMost());
  }

  /**
   * Who asks, and why.
   *
   * @param why null if nothing was said
   */
  public record Asking(String by, @Nullable String why) {}

  public CompletableFuture<Decision> set(Control control, Asking asking) {
    String request = UUID.randomUUID().toString();
    return ask(
        new CellCommand.SetControl(control, asking.by(), asking.why(), request),
        () ->
            cell.control(control.key())
                .filter(standing -> standing.control().equals(control))
                .map(standing -> new Decision.Done()),
        event -> event instanceof CellEvent.ControlSet set && set.control().equals(control));
  }

  public CompletableFuture<Decision> remove(String control, Asking asking) {
    String request = UUID.randomUUID().toString();
    return ask(
        new CellCommand.RemoveControl(control, asking.by(), asking.why(), request),
        () -> cell.control(control).isEmpty() ? Optional.of(new Decision.Done()) : Optional.empty(),
        event -> event instanceof CellEvent.ControlRemoved);
  }

  public CompletableFuture<Decision> release(String lock, JobId holder, Asking asking) {
    String request = UUID.randomUUID().toString();
    return ask(
        new CellCommand.ReleaseLock(lock, holder, asking.by(), asking.why(), request),
        Optional::empty,
        event ->
            event instanceof CellEvent.LockReleased released && released.holder().equals(holder));
  }

  private CompletableFuture<Decision> ask(
      CellCommand command, Supplier<Optional<Decision>> known, Predicate<CellEvent> done) {
    return petition.ask(
        command.subject(),
        () -> commands.send(command),
        known,
        event ->
            event instanceof CellEvent.CellCommandRejected rejected
                    && Objects.equals(rejected.request(), command.request())
                ? Optional.of(Decision.Refused.of(rejected))
                : done.test(event) ? Optional.of(new Decision.Done()) : Optional.empty(),
        () -> () -> {});
  }
}
