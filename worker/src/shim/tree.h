/*
 * Processes, found in /proc and acted on through pidfds. A pid alone is never trusted: the pidfd is
 * opened first, then the start time is compared with that of the process that was meant.
 *
 * The shim is the child subreaper of its job: whoever loses its parent becomes the shim's child.
 * So a walk up the parents from any process of the job ends at the shim, and a shim without
 * children has no descendants at all.
 */
#ifndef HOLDFAST_TREE_H
#define HOLDFAST_TREE_H

#include "cgroup.h"

struct process {
  int pid;
  int parent;
  int session;
  int threads;
  char state;   /* R S D T t Z X ... as in /proc/<pid>/stat */
  bool ours;    /* set by whoever selects */
  bool member;  /* of the cgroup, by snapshot_select_members */
  uint64_t start_ticks;
};

/* Every process of the machine at about one time, in ascending order of pid. */
struct snapshot {
  struct process *processes;
  size_t count;
  size_t capacity;
};

bool process_read(int pid, struct process *process);
bool process_dead(const struct process *process);
bool process_stopped(const struct process *process);

/* False when it has gone, or another process has its pid by now, or it may not be signalled. */
bool process_signal(const struct process *process, int signal);

long snapshot_take(struct snapshot *snapshot);
void snapshot_free(struct snapshot *snapshot);

/* Selects what descends from a selected process, or from the one given (itself not selected). */
void snapshot_select_descendants(struct snapshot *snapshot, int ancestor);

/*
 * Selects the members of the cgroup. To be called after the snapshot was taken: a pid that has
 * changed hands since then shows by its start time when it is signalled.
 */
void snapshot_select_members(struct snapshot *snapshot, const struct cgroup *cgroup);

/* What one pass over the attempt's processes found. */
struct sweep {
  bool seen;         /* false: /proc could not be read, nothing is known */
  uint64_t living;   /* neither dead nor zombies */
  uint64_t running;  /* those of them that were not stopped */
};

/* Which processes of the attempt are meant: its freezer holds the members of its cgroup. */
enum whom { ALL, OUTSIDE_CGROUP };

/*
 * Signals all living descendants of the shim and members of the cgroup; with SIGSTOP only those
 * that are not stopped yet.
 */
struct sweep tree_signal(const struct cgroup *cgroup, enum whom whom, int signal);

#endif
