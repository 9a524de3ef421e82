package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.job.JobEvent;
import java.util.List;

/**
 * What came of one input: facts about jobs, facts about the cell, and effects. A refusal is an
 * event like any other, one that changes nothing; no events and no effects mean that the input told
 * nothing new.
 */
public record Decision(List<JobEvent> events, List<CellEvent> cellEvents, List<Effect> effects) {
  public Decision {
    events = List.copyOf(events);
    cellEvents = List.copyOf(cellEvents);
    effects = List.copyOf(effects);
  }
}
