package dev.holdfast.gateway.view;

import dev.holdfast.schemas.job.JobState;
import java.util.Map;
import java.util.Set;

/**
 * Which jobs to list.
 *
 * @param states any of these; empty for all
 * @param labels all of these
 * @param before submitted before the job of this sequence
 */
public record JobFilter(Set<JobState> states, Map<String, String> labels, long before) {
  public JobFilter {
    states = Set.copyOf(states);
    labels = Map.copyOf(labels);
  }
}
