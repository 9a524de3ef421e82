package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Scheduling;
import dev.holdfast.schemas.job.Scheduling.ResourceRequest;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What decides whether a job can be assigned now. Jobs of one lane can or cannot alike, so that
 * only the first of each needs to be looked at.
 *
 * @param account whose limit the job shares; null for none
 * @param limits keys of the limits that count the job
 */
record Lane(
    String pool,
    String owner,
    @Nullable String account,
    Need need,
    SortedMap<String, String> requires,
    @Nullable ResourceRequest resources,
    List<String> limits) {

  static Lane of(Job job, Controls controls) {
    Scheduling scheduling = job.spec().schedulingOrNone();
    var quota = job.spec().quota();
    return new Lane(
        scheduling.poolOrDefault(),
        job.owner(),
        quota == null ? null : quota.account(),
        Need.of(job.spec()),
        scheduling.requires(),
        scheduling.resources(),
        LimitKeys.of(job).stream().filter(controls::isLimited).toList());
  }
}
