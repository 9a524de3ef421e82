/* What the shim writes down: identity, beat and exit record as lines of control.h. */
#ifndef HOLDFAST_RECORD_H
#define HOLDFAST_RECORD_H

#include "attempt.h"
#include "control.h"
#include "job.h"

/* Boot id, pid and start ticks of the shim itself and of the job. */
long record_identity(struct line *line, int job_pid);
void record_beat(struct line *line, const struct attempt *attempt, uint64_t now);

/* The outcome of an attempt whose command was released. */
void record_exit(struct line *line, const struct attempt *attempt, const struct job *job);

/* The outcome of one whose command was never released, with one more key that says why. */
void record_not_started(struct line *line, const struct attempt *attempt, const struct job *job,
                        const char *kind, const char *key, const char *value);

/* The boot id of the running kernel, 36 characters. */
long read_boot_id(char *boot_id, size_t size);

#endif
