package dev.holdfast.monitor.liveness;

import dev.holdfast.schemas.job.JobCommand;
import java.util.List;
import java.util.Optional;

/**
 * What one tick brought to light.
 *
 * @param proposals to the coordinator, in the order in which they are to be written
 */
public record Findings(List<JobCommand> proposals, Optional<MassSilence> alert) {
  static final Findings NONE = new Findings(List.of(), Optional.empty());

  public Findings {
    proposals = List.copyOf(proposals);
  }
}
