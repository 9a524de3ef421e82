package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.JobEvent;
import java.util.List;

/**
 * What came of one input. A refusal is an event like any other, one that changes nothing; no events
 * and no effects mean that the input told nothing new.
 */
public record Decision(List<JobEvent> events, List<Effect> effects) {
  public Decision {
    events = List.copyOf(events);
    effects = List.copyOf(effects);
  }
}
