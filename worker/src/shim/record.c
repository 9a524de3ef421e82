/* See record.h. */
#include "record.h"

#include "files.h"
#include "inside.h"
#include "tree.h"

long read_boot_id(char *boot_id, size_t size) {
  long length = file_read("/proc/sys/kernel/random/boot_id", boot_id, size - 1);
  if (length < 0) return length;
  while (length > 0 && boot_id[length - 1] == '\n') length--;
  boot_id[length] = 0;
  return 0;
}

long record_identity(struct line *line, int job_pid) {
  char boot_id[64];
  struct process shim;
  struct process job;
  long result = read_boot_id(boot_id, sizeof boot_id);
  if (result < 0) return result;
  if (!process_read(sys_pid(), &shim) || !process_read(job_pid, &job)) return -ESRCH;
  control_begin(line, "identity");
  control_text(line, "boot_id", boot_id);
  control_number(line, "shim_pid", (uint64_t)shim.pid);
  control_number(line, "shim_start", shim.start_ticks);
  control_number(line, "job_pid", (uint64_t)job.pid);
  control_number(line, "job_start", job.start_ticks);
  control_end(line);
  return 0;
}

void record_beat(struct line *line, const struct attempt *attempt, uint64_t now) {
  static const char *const names[] = {"running", "frozen", "ending", "ending"};
  control_begin(line, "beat");
  control_number(line, "boottime_ms", now);
  control_text(line, "state", names[attempt->phase]);
  control_number(line, "frozen_since_ms", attempt->phase == FROZEN ? attempt->frozen_since_ms : 0);
  control_number(line, "job_pid", (uint64_t)attempt->leader);
  control_end(line);
}

static uint64_t to_ms(__kernel_old_time_t seconds, __kernel_suseconds_t microseconds) {
  return (uint64_t)seconds * 1000 + (uint64_t)microseconds / 1000;
}

static uint64_t larger(uint64_t left, uint64_t right) { return left > right ? left : right; }

/*
 * By the count of the kernel for waited-for children, and by the cgroup's where there is one. The
 * former misses what left without being waited for, the latter what is written back later on
 * behalf of nobody: so the larger of the two.
 */
static void record_usage(struct line *line, const struct cgroup *cgroup) {
  enum { BLOCK = 512 };
  struct rusage children = {0};
  struct cgroup_usage all = {0};
  sys_usage_of_children(&children);
  cgroup_usage(inside_cgroup(cgroup), &all);
  uint64_t utime_ms = to_ms(children.ru_utime.tv_sec, children.ru_utime.tv_usec);
  uint64_t stime_ms = to_ms(children.ru_stime.tv_sec, children.ru_stime.tv_usec);
  uint64_t largest = (uint64_t)children.ru_maxrss;
  control_number(line, "utime_ms", utime_ms);
  control_number(line, "stime_ms", stime_ms);
  control_number(line, "maxrss_kb", largest);
  control_number(line, "cpu_ms", larger(all.cpu_ms, utime_ms + stime_ms));
  control_number(line, "peak_bytes", all.peak_bytes > 0 ? all.peak_bytes : largest * 1024);
  control_number(line, "read_bytes", larger(all.read_bytes, (uint64_t)children.ru_inblock * BLOCK));
  control_number(line, "written_bytes",
                 larger(all.written_bytes, (uint64_t)children.ru_oublock * BLOCK));
}

/* The keys that every exit record has. */
static void close_record(struct line *line, const struct job *job, const struct attempt *attempt,
                         uint64_t wall_ms, uint64_t frozen_ms) {
  control_number(line, "ended_wall_ms", sys_clock_ms(CLOCK_REALTIME));
  control_number(line, "wall_ms", wall_ms);
  control_number(line, "frozen_ms", frozen_ms);
  control_number(line, "stdout_bytes", output_file_length(job->output));
  control_number(line, "stderr_bytes", output_file_length(job->errors));
  record_usage(line, &attempt->limits->cgroup);
  control_number(line, "leftovers", attempt->leftovers);
  control_number(line, "killed", attempt->killed);
  control_number(line, "remaining", attempt->remaining);
  inside_record(line);
  control_end(line);
}

static const char *step_name(int step) {
  switch (step) {
    case START_CWD: return "cwd";
    case START_EXEC: return "exec";
    case START_OUTPUT: return "output";
    case START_USER: return "user";
    default: return "session";
  }
}

void record_exit(struct line *line, const struct attempt *attempt, const struct job *job) {
  struct start_failure failure;
  uint64_t now = boot_ms();
  control_begin(line, "exit");
  if (attempt->leader_gone && job_start_failure(job, &failure)) {
    control_text(line, "kind", "start-failed");
    control_text(line, "cause", step_name(failure.step));
    control_number(line, "errno", (uint64_t)failure.error);
  } else {
    control_text(line, "kind", attempt->kind);
    if (attempt->reason[0] != 0) control_text(line, "reason", attempt->reason);
    int signal = attempt->leader_status & 0x7f;
    if (attempt->finished) {
      control_number(line, "code", 0); /* its result was there before it was ended */
    } else if (attempt->leader_gone && signal == 0) {
      control_number(line, "code", (uint64_t)(attempt->leader_status >> 8 & 0xff));
    } else if (attempt->leader_gone) {
      control_number(line, "signal", (uint64_t)signal);
    }
  }
  close_record(line, job, attempt, now - attempt->released_ms, attempt_frozen_ms(attempt, now));
}

void record_not_started(struct line *line, const struct attempt *attempt, const struct job *job,
                        const char *kind, const char *key, const char *value) {
  control_begin(line, "exit");
  control_text(line, "kind", kind);
  control_text(line, key, value);
  close_record(line, job, attempt, 0, 0);
}
