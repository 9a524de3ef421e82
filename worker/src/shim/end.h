/*
 * Ending what a dead shim has left behind. The kernel has ended the leader with it, and whatever
 * else the job had started belongs to init now, so it is recognised by what cannot be changed
 * from outside: its cgroup, its identity, its session, or the HOLDFAST_RUN in its environment.
 */
#ifndef HOLDFAST_END_H
#define HOLDFAST_END_H

#include "sys.h"

enum end_result { ENDED = 0, END_REMAINING = 1, END_SHIM_LIVES = 3, END_UNKNOWN = 4 };

/* Works in the run directory; prints "ended=N remaining=M", or on stderr why it did nothing. */
enum end_result end_run(uint64_t grace_ms);

/* Kills all that is in the cgroup of these directories, whoever it belongs to; prints the same. */
enum end_result end_cgroup(char *const *directories);

#endif
