/*
 * The file "launch": what to run and under which limits. A sequence of strings, each ended by a
 * zero byte, so that arguments and environment may hold any other byte; the last one is the
 * CRC-32 of all bytes before it. What a later version adds may be missing, and is passed over by
 * an earlier one.
 */
#ifndef HOLDFAST_LAUNCH_H
#define HOLDFAST_LAUNCH_H

#include "cgroup.h"

enum lease_loss { LEASE_FREEZE, LEASE_CONTINUE, LEASE_END };

struct limits {
  uint64_t stop_grace_ms;
  uint64_t beat_ms;
  uint64_t run_timeout_ms;          /* 0: none */
  uint64_t idle_timeout_ms;         /* 0: none */
  uint64_t frozen_limit_ms;         /* frozen that long with no living worker: end */
  uint64_t frozen_limit_worker_ms;  /* frozen that long at all: end */
  enum lease_loss on_lost_lease;
  uint64_t finisher_grace_ms;
  char finisher_marker[256];        /* empty: none */
  char worker_lock[1024];
  struct cgroup cgroup;
};

struct launch {
  struct limits limits;
  const char *cwd;
  const char *place;      /* of the run directory; NULL: not told */
  uint64_t nice;
  uint64_t oom_score_adj;
  const char *run; /* value of HOLDFAST_RUN in the job's environment, or NULL */
  char **argv;
  char **envp;
  char *memory;
  size_t memory_size;
};

/* NULL when the file was read, else what is wrong with it. */
const char *launch_read(struct launch *launch);

/* Gives the memory back; the limits stay. The environment may be large, a supervisor is small. */
void launch_forget(struct launch *launch);

/* The value of a variable of the job's environment, or NULL. */
const char *launch_variable(const struct launch *launch, const char *assignment);

#endif
