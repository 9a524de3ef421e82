/* See end.h. */
#include "end.h"

#include "control.h"
#include "files.h"
#include "launch.h"
#include "record.h"
#include "tree.h"

enum { GIVE_UP_MS = 10000, PAUSE_MS = 20, REMEMBERED = 4096 };

/* What is known of the run: any part may be missing, then nothing is recognised by it. */
struct evidence {
  bool identity;
  struct process job;
  const char *run;
  const struct cgroup *cgroup;
};

/* Processes that were signalled, so that each counts once however often it is found. */
struct ended {
  struct process seen[REMEMBERED];
  size_t count;
};

static void say(int fd, const char *text) { write_all(fd, text, text_length(text)); }

static bool alive(const struct process *expected) {
  struct process now;
  return process_read(expected->pid, &now) && now.start_ticks == expected->start_ticks &&
         !process_dead(&now);
}

static bool read_process(const struct line *line, const char *pid_key, const char *start_key,
                         struct process *process) {
  uint64_t pid;
  *process = (struct process){0};
  if (!control_value_number(line, pid_key, &pid)) return false;
  process->pid = (int)pid;
  return process->pid > 1 && control_value_number(line, start_key, &process->start_ticks);
}

/* Whether one of the zero-terminated entries of /proc/<pid>/environ is the one given. */
static bool environment_has(int pid, const char *name, const char *value) {
  struct line path = {.length = 0};
  line_text(&path, "/proc/");
  line_number(&path, (uint64_t)pid);
  line_text(&path, "/environ");
  long fd = sys_open(line_string(&path), O_RDONLY, 0);
  if (fd < 0) return false;

  struct line wanted = {.length = 0};
  line_text(&wanted, name);
  line_text(&wanted, value);
  const char *entry = line_string(&wanted);
  char bytes[2048];
  size_t matched = 0; /* of the entry under way; beyond its length: another entry */
  bool found = false;
  long got;
  while (!found && (got = sys_read((int)fd, bytes, sizeof bytes)) > 0) {
    for (long i = 0; i < got && !found; i++) {
      if (bytes[i] == 0) {
        found = matched == wanted.length;
        matched = 0;
      } else {
        bool matches = matched < wanted.length && bytes[i] == entry[matched];
        matched = matches ? matched + 1 : wanted.length + 1;
      }
    }
  }
  sys_close((int)fd);
  return found && !wanted.overflown;
}

/*
 * A session keeps its number taken as long as it has a member. So a process that bears the job's
 * pid without being the job proves that the job's session is gone and its number was given anew.
 */
static bool session_is_ours(const struct snapshot *snapshot, const struct evidence *evidence) {
  if (!evidence->identity) return false;
  for (size_t i = 0; i < snapshot->count; i++) {
    const struct process *process = &snapshot->processes[i];
    if (process->pid == evidence->job.pid) {
      return process->start_ticks == evidence->job.start_ticks;
    }
  }
  return true;
}

static void select_ours(struct snapshot *snapshot, const struct evidence *evidence) {
  bool by_session = session_is_ours(snapshot, evidence);
  for (size_t i = 0; i < snapshot->count; i++) {
    struct process *process = &snapshot->processes[i];
    bool job = evidence->identity && process->pid == evidence->job.pid &&
               process->start_ticks == evidence->job.start_ticks;
    bool member = by_session && process->session == evidence->job.pid &&
                  process->start_ticks >= evidence->job.start_ticks;
    process->ours = job || member ||
                    (evidence->run != NULL &&
                     environment_has(process->pid, "HOLDFAST_RUN=", evidence->run));
  }
  snapshot_select_members(snapshot, evidence->cgroup);
  snapshot_select_descendants(snapshot, -1);
}

static void remember(struct ended *ended, const struct process *process) {
  for (size_t i = 0; i < ended->count; i++) {
    const struct process *seen = &ended->seen[i];
    if (seen->pid == process->pid && seen->start_ticks == process->start_ticks) return;
  }
  if (ended->count < REMEMBERED) ended->seen[ended->count++] = *process;
}

/* One pass: signals what is ours (but not this very process) and answers how many there were. */
static uint64_t sweep(const struct evidence *evidence, int signal, struct ended *ended) {
  struct snapshot snapshot;
  if (signal == SIGKILL) cgroup_freeze(evidence->cgroup); /* what stands still forks no more */
  uint64_t living = snapshot_take(&snapshot) == 0 ? 0 : 1;
  select_ours(&snapshot, evidence);
  for (size_t i = 0; i < snapshot.count; i++) {
    const struct process *process = &snapshot.processes[i];
    if (!process->ours || process_dead(process) || process->pid == sys_pid()) continue;
    living++;
    if (process_signal(process, signal)) remember(ended, process);
  }
  if (signal == SIGKILL) cgroup_kill(evidence->cgroup);
  cgroup_thaw(evidence->cgroup); /* it may have been frozen when its shim died */
  snapshot_free(&snapshot);
  return living;
}

static uint64_t sweep_until(const struct evidence *evidence, int signal, uint64_t until_ms,
                            struct ended *ended) {
  uint64_t living = sweep(evidence, signal, ended);
  while (living > 0 && boot_ms() < until_ms) {
    sys_poll(NULL, 0, PAUSE_MS);
    living = sweep(evidence, signal == SIGTERM ? SIGCONT : signal, ended);
  }
  return living;
}

static enum end_result report(const struct ended *ended, uint64_t remaining) {
  struct line line = {.length = 0};
  line_text(&line, "ended=");
  line_number(&line, ended->count - (remaining < ended->count ? remaining : ended->count));
  line_text(&line, " remaining=");
  line_number(&line, remaining);
  line_text(&line, "\n");
  say(1, line_string(&line));
  return remaining == 0 ? ENDED : END_REMAINING;
}

enum end_result end_run(uint64_t grace_ms) {
  static struct ended ended;
  static struct launch launch;
  struct evidence evidence = {.cgroup = &launch.limits.cgroup};
  if (launch_read(&launch) == NULL) evidence.run = launch.run;
  struct line line;
  struct process shim;
  char boot_id[64];
  char recorded[64];
  enum control_state state = control_read("identity", &line);
  if (state == CONTROL_WHOLE && read_process(&line, "shim_pid", "shim_start", &shim) &&
      read_process(&line, "job_pid", "job_start", &evidence.job) &&
      control_value(&line, "boot_id", recorded, sizeof recorded) &&
      read_boot_id(boot_id, sizeof boot_id) == 0) {
    if (!text_equal(recorded, boot_id)) return report(&ended, 0); /* of another boot: all gone */
    evidence.identity = true;
  }
  if (evidence.identity && alive(&shim)) {
    say(2, "holdfast-shim: the shim of this run directory lives; write a stop file instead\n");
    return END_SHIM_LIVES;
  }
  if (!evidence.identity && evidence.run == NULL) {
    say(2, "holdfast-shim: neither a whole identity nor a launch file that names HOLDFAST_RUN "
           "is here, so nothing can be recognised; nothing was signalled\n");
    return END_UNKNOWN;
  }
  uint64_t now = boot_ms();
  if (grace_ms > 0) sweep_until(&evidence, SIGTERM, now + grace_ms, &ended);
  return report(&ended, sweep_until(&evidence, SIGKILL, boot_ms() + GIVE_UP_MS, &ended));
}

enum end_result end_cgroup(char *const *directories) {
  static struct ended ended;
  static struct cgroup cgroup;
  struct evidence evidence = {.cgroup = &cgroup};
  for (; *directories != NULL; directories++) {
    if (!cgroup_add(&cgroup, *directories)) return END_UNKNOWN;
  }
  return report(&ended, sweep_until(&evidence, SIGKILL, boot_ms() + GIVE_UP_MS, &ended));
}
