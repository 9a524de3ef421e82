package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.worker.Presence;

/** What a job needs of a worker besides a slot; jobs of one need never wait behind another's. */
enum Need {
  /** Nothing more. */
  SLOT {
    @Override
    boolean metBy(Presence presence) {
      return true;
    }
  },
  /** An engine that runs containers. */
  CONTAINERS {
    @Override
    boolean metBy(Presence presence) {
      return presence.containers();
    }
  };

  abstract boolean metBy(Presence presence);

  static Need of(JobSpec spec) {
    return spec.container() == null ? SLOT : CONTAINERS;
  }
}
