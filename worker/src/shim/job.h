/*
 * The job's leader: forked early, so that its identity can be made durable, and held at a pipe
 * until it is released into its command. A shim that dies before that lets the pipe end, and the
 * job ends without having run one instruction of the command.
 */
#ifndef HOLDFAST_JOB_H
#define HOLDFAST_JOB_H

#include "launch.h"

/* Why the command did not start: the first thing that failed, and its errno. */
enum start_step { START_SESSION, START_OUTPUT, START_USER, START_CWD, START_EXEC };

struct start_failure {
  int step;
  int error;
};

struct job {
  int pid;
  int release; /* one byte lets it go, closing it sends it away */
  int failure; /* holds a start_failure once the leader is gone without having run */
  int output;  /* its stdout and stderr, for their lengths at the end */
  int errors;
};

long job_fork(const struct launch *launch, struct job *job);
long job_release(struct job *job);
void job_dismiss(struct job *job);

/* Only asked after the leader has ended; false when the command did start. */
bool job_start_failure(const struct job *job, struct start_failure *failure);

#endif
