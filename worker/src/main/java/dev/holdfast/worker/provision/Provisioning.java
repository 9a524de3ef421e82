package dev.holdfast.worker.provision;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.worker.agentfiles.AgentFiles;
import dev.holdfast.worker.output.BlobStore;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.run.Supervisor;
import dev.holdfast.worker.secret.Handout;
import dev.holdfast.worker.secret.SecretRooms;
import dev.holdfast.worker.secret.SecretStore;
import java.io.IOException;
import java.util.Collection;

/** What a worker gives its attempts from. */
public final class Provisioning {
  private final SecretStore store;
  private final SecretRooms rooms;
  private final AgentFiles agentFiles;
  private final BlobStore blobs;
  private final Supervisor supervisor;

  public Provisioning(
      SecretStore store,
      SecretRooms rooms,
      AgentFiles agentFiles,
      BlobStore blobs,
      Supervisor supervisor) {
    this.store = store;
    this.rooms = rooms;
    this.agentFiles = agentFiles;
    this.blobs = blobs;
    this.supervisor = supervisor;
  }

  /** What one attempt is given. */
  public Provisions of(RunDirectory directory) {
    var handout =
        new Handout(
            directory.facts().assigned().spec().secrets(), store, rooms, directory.attempt());
    return new Provisions(directory, handout, agentFiles, blobs, supervisor);
  }

  /** Removes what an earlier incarnation has left of attempts that this worker does not hold. */
  public void sweep(Collection<HeldAttempt> held) throws IOException {
    rooms.sweep(held);
  }
}
