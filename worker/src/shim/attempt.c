/* See attempt.h. */
#include "attempt.h"

#include "tree.h"

enum {
  LEFTOVER_GRACE_MS = 200,   /* between TERM and KILL for what outlives the leader */
  LEASE_END_GRACE_MS = 5000, /* as much of a grace as fits before another attempt may start */
  GIVE_UP_MS = 10000,        /* after KILL: what still lives sits in the kernel and will not go */
  FIRST_PAUSE_MS = 5,
  LONGEST_PAUSE_MS = 1000,
  STILL_ENOUGH = 2,
  MARKER_PAUSE_MS = 250,     /* between two looks for the finisher's marker */
  SHORTEST_LOOK_MS = 50,
};

static uint64_t earlier(uint64_t left, uint64_t right) { return left < right ? left : right; }

static uint64_t later_by(uint64_t at, uint64_t span) {
  return at > NEVER - span ? NEVER : at + span;
}

static uint64_t look_pause(const struct limits *limits) {
  if (limits->finisher_marker[0] != 0) return MARKER_PAUSE_MS;
  uint64_t pause = earlier(limits->beat_ms, limits->idle_timeout_ms / 4);
  return pause > SHORTEST_LOOK_MS ? pause : SHORTEST_LOOK_MS;
}

void attempt_begin(struct attempt *attempt, uint64_t now) {
  const struct limits *limits = attempt->limits;
  bool watched = limits->finisher_marker[0] != 0 || limits->idle_timeout_ms > 0;
  attempt->released_ms = now;
  attempt->quiet_since_ms = now;
  attempt->look_at_ms = watched ? now + look_pause(limits) : NEVER;
  attempt->finish_at_ms = NEVER;
}

void attempt_reap(struct attempt *attempt) {
  for (;;) {
    int status;
    long pid = sys_wait(-1, &status, WNOHANG | __WALL);
    if (pid == -EINTR) continue;
    if (pid <= 0) {
      attempt->alone = pid == -ECHILD && cgroup_empty(&attempt->limits->cgroup);
      return;
    }
    if (pid == attempt->leader && !attempt->leader_gone) {
      attempt->leader_gone = true;
      attempt->leader_status = status;
    }
  }
}

void attempt_renew(struct attempt *attempt, uint64_t deadline_ms) {
  if (deadline_ms > attempt->deadline_ms) attempt->deadline_ms = deadline_ms;
}

/* Until when the tree may run. */
static uint64_t last_instant(const struct attempt *attempt) {
  if (text_equal(attempt->reason, "cancelled")) return NEVER;
  switch (attempt->limits->on_lost_lease) {
    case LEASE_CONTINUE: return NEVER;
    case LEASE_END: return later_by(attempt->deadline_ms, LEASE_END_GRACE_MS);
    default: return attempt->deadline_ms;
  }
}

static void kill_tree(struct attempt *attempt, uint64_t now) {
  if (attempt->phase != KILLING) {
    attempt->phase = KILLING;
    attempt->killing_since_ms = now;
    attempt->sweep_pause_ms = FIRST_PAUSE_MS;
  } else if (now < attempt->sweep_at_ms) {
    return;
  }
  const struct cgroup *cgroup = &attempt->limits->cgroup;
  cgroup_freeze(cgroup); /* what stands still forks no more */
  struct sweep sweep = tree_signal(cgroup, ALL, SIGKILL);
  cgroup_kill(cgroup);
  cgroup_thaw(cgroup); /* in version 1 a frozen process dies only now, without running */
  if (sweep.living > attempt->killed) attempt->killed = sweep.living;
  if (attempt->leader_gone && sweep.living > attempt->leftovers) attempt->leftovers = sweep.living;
  attempt_reap(attempt);
  if (!attempt->alone && now - attempt->killing_since_ms >= GIVE_UP_MS) {
    attempt->remaining = sweep.living > 0 ? sweep.living : 1;
    attempt->over = true;
  }
  attempt->sweep_at_ms = now + attempt->sweep_pause_ms;
  attempt->sweep_pause_ms = earlier(2 * attempt->sweep_pause_ms, LONGEST_PAUSE_MS);
}

static void leave_frozen(struct attempt *attempt, uint64_t now) {
  if (attempt->phase != FROZEN) return;
  attempt->frozen_total_ms += now - attempt->frozen_since_ms;
  attempt->quiet_since_ms += now - attempt->frozen_since_ms;
}

/* TERM now and KILL after the grace, or KILL now when the tree may run no longer. */
static void end_tree(struct attempt *attempt, uint64_t grace_ms, uint64_t now) {
  leave_frozen(attempt, now);
  attempt->kill_at_ms = earlier(later_by(now, grace_ms), last_instant(attempt));
  if (attempt->kill_at_ms <= now) {
    kill_tree(attempt, now);
    return;
  }
  attempt->phase = ENDING;
  const struct cgroup *cgroup = &attempt->limits->cgroup;
  struct sweep sweep = tree_signal(cgroup, ALL, SIGTERM);
  if (attempt->leader_gone) attempt->leftovers = sweep.living;
  cgroup_thaw(cgroup);
  tree_signal(cgroup, ALL, SIGCONT); /* a stopped process would not see its TERM before the KILL */
}

static void set_reason(struct attempt *attempt, const char *kind, const char *reason) {
  size_t length = text_length(reason);
  if (length >= sizeof attempt->reason) length = sizeof attempt->reason - 1;
  memcpy(attempt->reason, reason, length);
  attempt->reason[length] = 0;
  attempt->kind = kind;
}

/* Ends a living attempt. One whose leader has ended by itself meanwhile keeps its own outcome. */
static void end(struct attempt *attempt, const char *kind, const char *reason, uint64_t grace_ms,
                uint64_t now) {
  attempt_reap(attempt);
  if (attempt->leader_gone) return;
  set_reason(attempt, kind, reason);
  end_tree(attempt, grace_ms, now);
}

void attempt_stop(struct attempt *attempt, const char *reason, uint64_t grace_ms, uint64_t now) {
  if (attempt->kind == NULL) {
    end(attempt, "stopped", reason, grace_ms, now);
  } else if (attempt->phase == ENDING) {
    attempt->kill_at_ms = earlier(attempt->kill_at_ms, later_by(now, grace_ms));
  }
}

/* The leader has ended by itself: its outcome is the attempt's, and what it left behind goes. */
static void conclude(struct attempt *attempt, uint64_t now) {
  attempt->kind = (attempt->leader_status & 0x7f) == 0 ? "exited" : "signalled";
  if (!attempt->alone) end_tree(attempt, LEFTOVER_GRACE_MS, now);
}

static bool worker_lives(const struct attempt *attempt) {
  long fd = sys_open(attempt->limits->worker_lock, O_RDONLY, 0);
  if (fd < 0) return false;
  struct flock lock = {.l_type = F_WRLCK}; /* from 0 to the end: any lock on it answers */
  bool held = sys_lock_holder((int)fd, &lock) == 0 && lock.l_type != F_UNLCK;
  sys_close((int)fd);
  return held;
}

static void hold_still(struct attempt *attempt, uint64_t now) {
  if (attempt->still >= STILL_ENOUGH || now < attempt->sweep_at_ms) return;
  const struct cgroup *cgroup = &attempt->limits->cgroup;
  bool freezer = cgroup_freeze(cgroup);
  struct sweep sweep = tree_signal(cgroup, freezer ? OUTSIDE_CGROUP : ALL, SIGSTOP);
  bool still = sweep.seen && sweep.running == 0 && (!freezer || cgroup_frozen(cgroup));
  attempt->still = still ? attempt->still + 1 : 0;
  attempt->sweep_at_ms = now + attempt->sweep_pause_ms;
  attempt->sweep_pause_ms = earlier(2 * attempt->sweep_pause_ms, LONGEST_PAUSE_MS);
}

void attempt_check_frozen(struct attempt *attempt, uint64_t now) {
  if (attempt->phase != FROZEN || attempt->still < STILL_ENOUGH) return;
  attempt->still = STILL_ENOUGH - 1;
  attempt->sweep_at_ms = now;
  attempt->sweep_pause_ms = FIRST_PAUSE_MS;
}

static void freeze(struct attempt *attempt, uint64_t now) {
  attempt->phase = FROZEN;
  attempt->frozen_since_ms = now;
  attempt->attended_ms = now;
  attempt->still = 0;
  attempt->sweep_at_ms = now;
  attempt->sweep_pause_ms = FIRST_PAUSE_MS;
  hold_still(attempt, now);
}

static void thaw(struct attempt *attempt, uint64_t now) {
  leave_frozen(attempt, now);
  attempt->phase = RUNNING;
  const struct cgroup *cgroup = &attempt->limits->cgroup;
  bool freezer = cgroup_thaw(cgroup);
  tree_signal(cgroup, freezer ? OUTSIDE_CGROUP : ALL, SIGCONT);
}

static uint64_t timeout_at(const struct attempt *attempt) {
  uint64_t timeout = attempt->limits->run_timeout_ms;
  if (timeout == 0) return NEVER;
  return later_by(attempt->released_ms + attempt->frozen_total_ms, timeout);
}

static uint64_t idle_at(const struct attempt *attempt) {
  uint64_t timeout = attempt->limits->idle_timeout_ms;
  return timeout == 0 ? NEVER : later_by(attempt->quiet_since_ms, timeout);
}

static void look_at_output(struct attempt *attempt, uint64_t now) {
  const struct limits *limits = attempt->limits;
  const char *marker = limits->finisher_marker;
  if (now < earlier(attempt->look_at_ms, idle_at(attempt))) return;
  attempt->look_at_ms = now + look_pause(limits);
  if (!output_changed(&attempt->output)) return;
  attempt->quiet_since_ms = now;
  if (*marker != 0 && attempt->finish_at_ms == NEVER && output_has(&attempt->output, marker)) {
    attempt->finish_at_ms = later_by(now, limits->finisher_grace_ms);
  }
}

static void step_running(struct attempt *attempt, uint64_t now) {
  const struct limits *limits = attempt->limits;
  look_at_output(attempt, now);
  if (attempt->finish_at_ms != NEVER) {
    /* The result is there: from now on no timeout is of interest, only the lease. */
    if (now >= attempt->finish_at_ms) {
      end(attempt, "exited", "finisher", limits->stop_grace_ms, now);
      attempt->finished = attempt->kind != NULL;
      return;
    }
  } else if (now >= timeout_at(attempt)) {
    end(attempt, "timed-out", "run", limits->stop_grace_ms, now);
    return;
  } else if (now >= idle_at(attempt)) {
    end(attempt, "timed-out", "idleOutput", limits->stop_grace_ms, now);
    return;
  }
  if (now < attempt->deadline_ms) return;
  if (limits->on_lost_lease == LEASE_FREEZE) {
    freeze(attempt, now);
  } else if (limits->on_lost_lease == LEASE_END) {
    end(attempt, "lease-ended", "deadline", limits->stop_grace_ms, now);
  }
}

static uint64_t frozen_limit_at(const struct attempt *attempt) {
  const struct limits *limits = attempt->limits;
  return earlier(later_by(attempt->attended_ms, limits->frozen_limit_ms),
                 later_by(attempt->frozen_since_ms, limits->frozen_limit_worker_ms));
}

static void step_frozen(struct attempt *attempt, uint64_t now) {
  if (now < attempt->deadline_ms) {
    thaw(attempt, now);
    return;
  }
  hold_still(attempt, now);
  if (worker_lives(attempt)) attempt->attended_ms = now;
  if (now >= frozen_limit_at(attempt)) end(attempt, "lease-ended", "frozen-limit", 0, now);
}

void attempt_step(struct attempt *attempt, uint64_t now) {
  attempt_reap(attempt);
  if (attempt->leader_gone && attempt->kind == NULL) conclude(attempt, now);
  if (!attempt->alone) {
    switch (attempt->phase) {
      case RUNNING: step_running(attempt, now); break;
      case FROZEN: step_frozen(attempt, now); break;
      case ENDING:
        attempt->kill_at_ms = earlier(attempt->kill_at_ms, last_instant(attempt));
        if (now >= attempt->kill_at_ms) kill_tree(attempt, now);
        break;
      case KILLING: kill_tree(attempt, now); break;
    }
  }
  if (attempt->alone && attempt->kind != NULL) attempt->over = true;
}

static uint64_t running_due(const struct attempt *attempt) {
  bool finishing = attempt->finish_at_ms != NEVER;
  uint64_t limit = finishing ? attempt->finish_at_ms
                             : earlier(timeout_at(attempt), idle_at(attempt));
  bool leased = attempt->limits->on_lost_lease != LEASE_CONTINUE;
  uint64_t lease = leased ? attempt->deadline_ms : NEVER;
  return earlier(earlier(limit, lease), finishing ? NEVER : attempt->look_at_ms);
}

uint64_t attempt_due(const struct attempt *attempt) {
  switch (attempt->phase) {
    case RUNNING: return running_due(attempt);
    case FROZEN:
      return earlier(frozen_limit_at(attempt),
                     attempt->still < STILL_ENOUGH ? attempt->sweep_at_ms : NEVER);
    case ENDING: return earlier(attempt->kill_at_ms, last_instant(attempt));
    default: return attempt->sweep_at_ms;
  }
}

uint64_t attempt_frozen_ms(const struct attempt *attempt, uint64_t now) {
  uint64_t current = attempt->phase == FROZEN ? now - attempt->frozen_since_ms : 0;
  return attempt->frozen_total_ms + current;
}
