/*
 * The attempt's cgroup: one directory in the unified hierarchy, or one for each controller of
 * version 1, made by the worker and named in the launch file; the first is the one that is asked
 * who belongs to it. Which version a directory has shows in its files, so nothing here is told:
 * each question goes to whichever directory has the file that answers it.
 *
 * Without any directory every question is answered by "nothing", and the process tree is all there
 * is to go by.
 */
#ifndef HOLDFAST_CGROUP_H
#define HOLDFAST_CGROUP_H

#include "text.h"

struct cgroup {
  char paths[2048]; /* one after another, each ended by a zero byte */
  size_t length;
};

struct cgroup_usage {
  uint64_t cpu_ms;
  uint64_t peak_bytes;
  uint64_t read_bytes;
  uint64_t written_bytes;
};

/* Whether there was room for one more. */
bool cgroup_add(struct cgroup *cgroup, const char *path);

/* Moves a process, and all that it will ever fork, into every directory. */
long cgroup_join(const struct cgroup *cgroup, int pid);

/* Ask the freezer, if there is one, and answer whether there is. */
bool cgroup_freeze(const struct cgroup *cgroup);
bool cgroup_thaw(const struct cgroup *cgroup);

/* Whether everything in it stands still. */
bool cgroup_frozen(const struct cgroup *cgroup);

/* Kills all of it at once, where the kernel can; elsewhere it does nothing. */
void cgroup_kill(const struct cgroup *cgroup);

/* Calls back for the pid of each member. */
void cgroup_members(const struct cgroup *cgroup, void (*member)(void *context, int pid),
                    void *context);
bool cgroup_empty(const struct cgroup *cgroup);

/* What all processes together have used so far; what is not counted stays as it was. */
void cgroup_usage(const struct cgroup *cgroup, struct cgroup_usage *usage);

#endif
