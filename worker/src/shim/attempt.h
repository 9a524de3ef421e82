/*
 * The life of one attempt after its command was released. Each step is told the time and brings
 * the process tree to where it must be by then:
 *
 *              lease passed           renewed
 *   RUNNING ----------------> FROZEN ---------> RUNNING
 *      |                         |
 *      | stop, timeout,          | stop, frozen for too long
 *      | leader ended            v
 *      +-------> ENDING ----> KILLING ----> over: no process is left
 *                TERM   grace   KILL
 *
 * The invariant that all of it serves: past the lease's deadline nothing of the job runs. A frozen
 * tree is therefore killed as it stands, without being woken for its TERM, and a grace is cut
 * short at the deadline. The exceptions are a job that asked to go on, and one that was cancelled:
 * no other attempt will ever start, so it may still clean up.
 */
#ifndef HOLDFAST_ATTEMPT_H
#define HOLDFAST_ATTEMPT_H

#include "launch.h"
#include "output.h"

enum phase { RUNNING, FROZEN, ENDING, KILLING };

/* A time that never comes. */
#define NEVER UINT64_MAX

struct attempt {
  const struct limits *limits;

  int leader;
  int leader_status; /* as wait answers it */
  bool leader_gone;
  bool alone;        /* no child of the shim and no member of the cgroup is left: all is gone */
  bool over;
  bool finished;     /* ended after its finisher's grace */

  enum phase phase;
  const char *kind;  /* how it ends; NULL while nothing has ended it */
  char reason[32];

  uint64_t released_ms;
  uint64_t deadline_ms;
  uint64_t frozen_since_ms;
  uint64_t frozen_total_ms;
  uint64_t attended_ms; /* while frozen: when a worker was last seen alive */
  uint64_t quiet_since_ms; /* when the output was last seen to grow; moves while frozen */
  uint64_t look_at_ms;     /* next look at the output; NEVER: nobody wants to know */
  uint64_t finish_at_ms;   /* end of the finisher's grace; NEVER: no marker was seen */
  uint64_t kill_at_ms;
  uint64_t killing_since_ms;
  uint64_t sweep_at_ms; /* next pass over a tree that does not stand still, or is not gone yet */
  uint64_t sweep_pause_ms;
  unsigned still;       /* passes in a row that found the whole frozen tree stopped */
  struct output output;

  uint64_t leftovers; /* that the leader left behind */
  uint64_t killed;    /* that did not leave when asked */
  uint64_t remaining;
};

/* The command may run from now on. */
void attempt_begin(struct attempt *attempt, uint64_t now);

void attempt_reap(struct attempt *attempt);
void attempt_renew(struct attempt *attempt, uint64_t deadline_ms);
void attempt_stop(struct attempt *attempt, const char *reason, uint64_t grace_ms, uint64_t now);
void attempt_step(struct attempt *attempt, uint64_t now);

/* Looks again for processes of a frozen tree that somebody has woken. */
void attempt_check_frozen(struct attempt *attempt, uint64_t now);

/* When the next step is due, if nothing else happens before. */
uint64_t attempt_due(const struct attempt *attempt);

uint64_t attempt_frozen_ms(const struct attempt *attempt, uint64_t now);

#endif
