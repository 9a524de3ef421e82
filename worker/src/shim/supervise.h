/*
 * The supervisor: a loop that sleeps until a child ends, a control file arrives or something is
 * due, and then looks at everything. It takes no orders but from files: no signal, socket or pipe,
 * so that it needs no worker and any later worker can command it.
 */
#ifndef HOLDFAST_SUPERVISE_H
#define HOLDFAST_SUPERVISE_H

#include "launch.h"

/* What became of a launch; also the exit code of the launcher. */
enum launch_result {
  LAUNCHED = 0,
  LAUNCH_USAGE = 2,
  LAUNCH_REPEATED = 3,
  LAUNCH_DAMAGED = 4,
  LAUNCH_FAILED = 5,
  LAUNCH_MOVED = 6,
};

/* `tell` is where the answer goes, a result and a message: to the launcher that forked this, or into a file. */
_Noreturn void supervise(struct launch *launch, int tell);

#endif
