package dev.holdfast.gateway.command;

import dev.holdfast.gateway.log.Subscribers;
import dev.holdfast.gateway.view.JobQueries;
import dev.holdfast.schemas.codec.SpecDigest;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.JobState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Submits and cancels jobs. */
public final class Submissions {
  private static final String BY = "http";
  private static final String CONFLICT = "job-conflict";

  private final Commands commands;
  private final Petition<JobId, JobEvent> petition;
  private final JobQueries jobs;
  private final Accepted accepted;
  private final InstantSource clock;

  /**
   * Wires it.
   *
   * @param wait how long a caller waits for the coordinator
   * @param blocking runs queries
   */
  public Submissions(
      Commands commands,
      Subscribers<JobId, JobEvent> events,
      JobQueries jobs,
      Accepted accepted,
      Waiting wait) {
    this.commands = commands;
    this.petition = new Petition<>(events, wait.blocking(), wait.atMost());
    this.jobs = jobs;
    this.accepted = accepted;
    this.clock = wait.clock();
  }

  /** How callers wait. */
  public record Waiting(Duration atMost, InstantSource clock, Executor blocking) {}

  /** The same id with the same spec is the same job, and nothing is sent for it twice in vain. */
  public CompletableFuture<Decision> submit(JobId id, JobSpec spec) {
    String digest = SpecDigest.of(spec);
    String request = UUID.randomUUID().toString();
    return petition.ask(
        id,
        () -> commands.send(new JobCommand.Submit(id, spec, BY, request)),
        () -> known(id, digest),
        event ->
            switch (event) {
              case JobEvent.Submitted submitted ->
                  Optional.of(same(id, submitted.specDigest(), digest));
              case JobEvent.CommandRejected rejected when request.equals(rejected.request()) ->
                  Optional.of(Decision.Refused.of(rejected));
              default -> Optional.empty();
            },
        () -> {
          accepted.add(id, spec, clock.instant());
          return () -> accepted.remove(id);
        });
  }

  /** Ends a job; a second request for the same changes nothing, before or after its end. */
  public CompletableFuture<Decision> cancel(JobId id, String why) {
    String request = UUID.randomUUID().toString();
    return petition.ask(
        id,
        () -> commands.send(new JobCommand.Cancel(id, BY, why.isEmpty() ? null : why, request)),
        () -> cancelled(id),
        event ->
            switch (event) {
              case JobEvent.CancelRequested requested -> Optional.of(new Decision.Done());
              case JobEvent.Ended ended when ended.state() == JobState.CANCELLED ->
                  Optional.of(new Decision.Done());
              case JobEvent.CommandRejected rejected when request.equals(rejected.request()) ->
                  Optional.of(Decision.Refused.of(rejected));
              default -> Optional.empty();
            },
        () -> () -> {});
  }

  private Optional<Decision> known(JobId id, String digest) {
    return jobs.find(id)
        .map(detail -> same(id, detail.job().specDigest(), digest))
        .or(() ->
            accepted
                .find(id)
                .map(waiting ->
                    waiting.specDigest().equals(digest) ? new Decision.Pending() : conflict(id)));
  }

  /** Cancelling what is cancelled already is no refusal, as with the coordinator. */
  private Optional<Decision> cancelled(JobId id) {
    return jobs.find(id)
        .flatMap(detail -> {
          JobState state = detail.job().state();
          if (state == JobState.CANCELLED || detail.job().status().cancelling()) {
            return Optional.of(new Decision.Done());
          }
          return state.terminal()
              ? Optional.of(
                  new Decision.Refused("job-ended", "job " + id + " has ended already: " + state))
              : Optional.empty();
        });
  }

  private static Decision same(JobId id, String known, String given) {
    return known.equals(given) ? new Decision.Done() : conflict(id);
  }

  private static Decision conflict(JobId id) {
    return new Decision.Refused(
        CONFLICT,
        "job "
            + id
            + " exists with another spec; repeat the first spec, or choose another id or key");
  }
}
