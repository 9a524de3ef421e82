/*
 * What is different inside a container: the shim is the first process of a pid namespace of its
 * own, it has a few capabilities and the job has none, and what the kernel has counted is found in
 * the container's control group, which is seen where an engine mounts it.
 *
 * The kernel protects the first process of a namespace: no signal from within ends or stops it,
 * and when it ends, all others end with it. So nothing of a job outlives its shim here.
 */
#ifndef HOLDFAST_INSIDE_H
#define HOLDFAST_INSIDE_H

#include "cgroup.h"

/* Reads the file "inside", which says in numbers whom the job runs as; false if it cannot be used. */
bool inside_enter(void);

/* In the job's leader: gives up every privilege for good. Does nothing outside. */
long inside_become_user(void);

/* The control group that counts what the job uses: the container's, or outside the one given. */
const struct cgroup *inside_cgroup(const struct cgroup *outside);

/* Adds what the exit record says of a container; nothing outside. */
void inside_record(struct line *line);

#endif
