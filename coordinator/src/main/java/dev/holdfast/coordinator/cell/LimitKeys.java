package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.cell.Control.Limit;
import dev.holdfast.schemas.cell.Control.LimitScope;
import dev.holdfast.schemas.job.Job;
import java.util.ArrayList;
import java.util.List;

/** The keys of all limits that would count a job. */
final class LimitKeys {
  private LimitKeys() {}

  static List<String> of(Job job) {
    var keys = new ArrayList<String>();
    keys.add(ofOwner(job.owner()));
    var repository = job.spec().repository();
    if (repository != null) {
      keys.add(Limit.keyOf(LimitScope.REPOSITORY, repository.url()));
    }
    job.spec()
        .labels()
        .forEach((name, value) -> keys.add(Limit.keyOf(LimitScope.LABEL, name + "=" + value)));
    return keys;
  }

  static String ofOwner(String owner) {
    return Limit.keyOf(LimitScope.OWNER, owner);
  }
}
