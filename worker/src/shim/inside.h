/*
 * What is different inside a container: the shim is the first process of a pid namespace of its
 * own, it has a few capabilities and the job has none, and the kernel's count of what it killed
 * for want of memory is found in the container's control group.
 *
 * The kernel protects the first process of a namespace: no signal from within ends or stops it,
 * and when it ends, all others end with it. So nothing of a job outlives its shim here.
 */
#ifndef HOLDFAST_INSIDE_H
#define HOLDFAST_INSIDE_H

#include "text.h"

/* Reads the file "inside", which says in numbers whom the job runs as; false if it cannot be used. */
bool inside_enter(void);

/* In the job's leader: gives up every privilege for good. Does nothing outside. */
long inside_become_user(void);

/* Adds what the exit record says of a container; nothing outside. */
void inside_record(struct line *line);

#endif
