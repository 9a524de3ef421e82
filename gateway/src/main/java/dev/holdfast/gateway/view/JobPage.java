package dev.holdfast.gateway.view;

import java.util.List;

/**
 * Some jobs, newest first.
 *
 * @param more whether there are older ones
 */
public record JobPage(List<JobDetail> jobs, boolean more) {
  public JobPage {
    jobs = List.copyOf(jobs);
  }
}
