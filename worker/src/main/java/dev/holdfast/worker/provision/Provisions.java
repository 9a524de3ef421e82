package dev.holdfast.worker.provision;

import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.job.Checkpointing;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Kept;
import dev.holdfast.schemas.job.SecretUse;
import dev.holdfast.worker.agentfiles.AgentFiles;
import dev.holdfast.worker.agentfiles.BundleRefused;
import dev.holdfast.worker.checkpoint.CheckpointKeeper;
import dev.holdfast.worker.checkpoint.Restoring;
import dev.holdfast.worker.output.BlobStore;
import dev.holdfast.worker.redact.Mask;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.run.Supervisor;
import dev.holdfast.worker.secret.Given;
import dev.holdfast.worker.secret.Handout;
import dev.holdfast.worker.secret.SecretUnusable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one attempt is given. Any thread may ask for the mask; the rest belongs to its steps. */
public final class Provisions {
  private static final Logger log = LoggerFactory.getLogger(Provisions.class);

  private final RunDirectory directory;
  private final Handout handout;
  private final AgentFiles agentFiles;
  private final BlobStore blobs;
  private final Supervisor supervisor;
  private volatile @Nullable Mask mask;

  Provisions(
      RunDirectory directory,
      Handout handout,
      AgentFiles agentFiles,
      BlobStore blobs,
      Supervisor supervisor) {
    this.directory = directory;
    this.handout = handout;
    this.agentFiles = agentFiles;
    this.blobs = blobs;
    this.supervisor = supervisor;
  }

  private JobSpec spec() {
    return directory.facts().assigned().spec();
  }

  public JobPlaces places() {
    return JobPlaces.of(directory.path());
  }

  /** Lays everything out for a job that has not started; a second time gives the same. */
  public void lay() throws IOException, InterruptedException, ProvisionRefused {
    giveSecrets();
    Files.createDirectories(places().root());
    InputFiles.lay(spec().files(), places().files());
    Checkpointing checkpoint = spec().checkpoint();
    if (checkpoint != null) {
      Kept kept = directory.facts().assigned().kept();
      new Restoring(blobs)
          .into(
              places().checkpoint(),
              kept == null ? null : kept.checkpoint(),
              checkpoint.maxBytes());
    }
  }

  /**
   * Lays the agent files into the workspace, which must be complete.
   *
   * @return what was left out because the repository has a file of its own there
   */
  public List<String> layAgentFiles() throws IOException, ProvisionRefused {
    String bundle = spec().agentFiles();
    if (bundle == null) {
      return List.of();
    }
    try {
      return agentFiles.lay(bundle, directory.work(), directory.path().resolve("agent-files.json"));
    } catch (BundleRefused e) {
      throw new ProvisionRefused(
          switch (e.code()) {
            case MISSING -> "agent-files-missing";
            case UNSAFE -> "agent-files-unsafe";
            case CHANGING -> "agent-files-changing";
          },
          String.valueOf(e.getMessage()));
    }
  }

  /** Saves the checkpoint directory; empty for a job without one. */
  public Optional<CheckpointKeeper> keeper(CheckpointKeeper.Events events) {
    Checkpointing checkpoint = spec().checkpoint();
    return checkpoint == null
        ? Optional.empty()
        : Optional.of(
            new CheckpointKeeper(
                places().checkpoint(), directory.path(), checkpoint.maxBytes(), blobs, events));
  }

  private void giveSecrets() throws IOException, ProvisionRefused {
    if (spec().secrets().isEmpty()) {
      return;
    }
    try {
      Given given = handout.give();
      directory.give(given);
      mask = handout.mask(given);
    } catch (SecretUnusable e) {
      handout.remove();
      throw new ProvisionRefused(
          switch (e.code()) {
            case MISSING -> "secret-missing";
            case REFUSED -> "secret-refused";
          },
          String.valueOf(e.getMessage()));
    }
  }

  /** The variables by which the job finds what it was given. */
  public SortedMap<String, String> environment() throws IOException {
    var environment = new TreeMap<>(handout.environment());
    environment.put("HOLDFAST_PROGRESS", places().progress().toString());
    if (!spec().files().isEmpty()) {
      environment.put("HOLDFAST_FILES", places().files().toString());
    }
    if (!spec().secrets().isEmpty()) {
      environment.put("HOLDFAST_SECRETS", handout.files().toString());
    }
    if (spec().checkpoint() != null) {
      environment.put("HOLDFAST_CHECKPOINT", places().checkpoint().toString());
    }
    return environment;
  }

  /** The job has begun: what the shim needed to begin it is needed no longer. */
  public void begun() throws IOException {
    Set<String> variables =
        spec().secrets().stream()
            .map(SecretUse::env)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    supervisor.forgetVariables(directory, variables);
  }

  /** What must not be published of the attempt. */
  public Mask mask() {
    Mask known = mask;
    if (known != null) {
      return known;
    }
    if (spec().secrets().isEmpty()) {
      return Mask.NONE;
    }
    try {
      Optional<Given> given = directory.given();
      if (given.isEmpty()) {
        // Nothing was given yet, so nothing can get out.
        return Mask.NONE;
      }
      known = handout.mask(given.get());
    } catch (IOException | InvalidField e) {
      log.warn(
          "the secrets of {} cannot be read back, so all its output is masked: {}",
          directory,
          e.toString());
      known = Mask.EVERYTHING;
    }
    mask = known;
    return known;
  }

  /** Removes what lies outside the run directory. */
  public void remove() throws IOException {
    handout.remove();
  }
}
