/* See supervise.h. */
#include "supervise.h"

#include "attempt.h"
#include "files.h"
#include "job.h"
#include "record.h"
#include "tree.h"

enum { LOOK_WITHOUT_WATCH_MS = 200 };

static const char reserved[] = "exit.reserved";

struct supervisor {
  struct launch launch;
  struct attempt attempt;
  struct job job;
  int tell;     /* to the launcher, until it was answered */
  int children; /* readable when a child has ended */
  int timer;
  int watch;    /* readable when a file of the run directory got its name; below 0: not to be had */
  int record;   /* the reserved exit record */
  uint64_t next_beat_ms;
  bool lease_damaged; /* said so already */
  bool stop_damaged;
};

static void answer(struct supervisor *s, enum launch_result result, const char *what, long error) {
  struct line message = {.length = 0};
  char code = (char)result;
  line_bytes(&message, &code, 1);
  line_text(&message, what);
  if (error < 0) {
    line_text(&message, " (errno ");
    line_number(&message, (uint64_t)-error);
    line_text(&message, ")");
  }
  sys_write(s->tell, message.bytes, message.length); /* nobody there to hear it: nothing is lost */
  sys_close(s->tell);
}

_Noreturn static void refuse(struct supervisor *s, enum launch_result result, const char *what,
                             long error) {
  answer(s, result, what, error);
  sys_exit(result);
}

/* Own session, no terminal, no descriptor of the worker, no signal that ends it but KILL. */
static void detach(struct supervisor *s) {
  sys_set_signal_mask(ALL_SIGNALS);
  sys_new_session();
  sys_prctl(PR_SET_NAME, (unsigned long)"holdfast-shim");
  sys_duplicate(s->tell, 3);
  s->tell = 3;
  sys_call(__NR_fcntl, s->tell, F_SETFD, FD_CLOEXEC, 0, 0, 0);
  long result = sys_close_range(4, ~0U, 0);
  if (result < 0) refuse(s, LAUNCH_FAILED, "this kernel has no close_range: 5.9 is needed", result);
  long null = sys_open("/dev/null", O_RDWR, 0);
  if (null < 0) refuse(s, LAUNCH_FAILED, "cannot open /dev/null", null);
  for (int fd = 0; fd <= 2; fd++) sys_duplicate((int)null, fd);
  sys_close((int)null);
}

static int need(struct supervisor *s, long result, const char *what) {
  if (result < 0) refuse(s, LAUNCH_FAILED, what, result);
  return (int)result;
}

static void open_senses(struct supervisor *s) {
  s->children = need(s, sys_signal_fd(1UL << (SIGCHLD - 1)), "cannot open a signalfd");
  s->timer = need(s, sys_timer_fd(CLOCK_BOOTTIME), "cannot open a timer on the boot clock");
  sys_close(need(s, sys_process_fd(sys_pid()), "this kernel has no pidfd: 5.3 is needed"));
  need(s, sys_prctl(PR_SET_CHILD_SUBREAPER, 1), "cannot become the subreaper of the job");
  s->watch = (int)sys_watch_fd();
  if (s->watch >= 0 && sys_watch(s->watch, ".", IN_MOVED_TO) < 0) {
    sys_close(s->watch);
    s->watch = -1;
  }
}

/*
 * Everything that must be on disk before the command may run. The identity's name is given once
 * in the life of a run directory, by link: that is what makes a second launch impossible, however
 * many shims are started at once.
 */
static void claim(struct supervisor *s) {
  struct line path = {.length = 0};
  line_text(&path, reserved);
  line_text(&path, ".");
  line_number(&path, (uint64_t)sys_pid());
  const char *mine = line_string(&path);
  s->record = need(s, reserve(mine), "cannot reserve room for the exit record");

  struct line identity;
  long result = job_fork(&s->launch, &s->job);
  if (result == 0) result = record_identity(&identity, s->job.pid);
  if (result == 0) result = file_claim("identity", &identity);
  if (result == 0) result = sys_rename(mine, reserved);
  if (result == 0) return;

  sys_unlink(mine);
  if (result == -EEXIST) refuse(s, LAUNCH_REPEATED, "this run directory was launched before", 0);
  refuse(s, LAUNCH_FAILED, "cannot fork the job or write its identity", result);
}

/*
 * Whether the run directory is still where it was when the launch file was written. A worker that
 * gives it up moves it away and looks for an identity afterwards; so once there is one, either it
 * shows here that the directory was moved, or the worker finds the identity and ends the shim.
 */
static bool in_place(const struct launch *launch) {
  struct statx here;
  struct statx there;
  if (launch->place == NULL) return true;
  return sys_status(".", &here) == 0 && sys_status(launch->place, &there) == 0 &&
         here.stx_ino == there.stx_ino && here.stx_dev_major == there.stx_dev_major &&
         here.stx_dev_minor == there.stx_dev_minor;
}

static void read_lease(struct supervisor *s) {
  struct line line;
  uint64_t deadline_ms;
  enum control_state state = control_read("lease", &line);
  if (state == CONTROL_WHOLE && control_value_number(&line, "deadline_ms", &deadline_ms)) {
    attempt_renew(&s->attempt, deadline_ms);
    s->lease_damaged = false;
  } else if (state != CONTROL_MISSING && !s->lease_damaged) {
    log_problem("damaged, the known deadline stays", "lease", 0);
    s->lease_damaged = true;
  }
}

static bool read_stop(struct supervisor *s, char *reason, size_t size, uint64_t *grace_ms) {
  struct line line;
  enum control_state state = control_read("stop", &line);
  if (state == CONTROL_WHOLE && control_value(&line, "reason", reason, size) &&
      control_value_number(&line, "grace_ms", grace_ms)) {
    return true;
  }
  if (state != CONTROL_MISSING && !s->stop_damaged) {
    log_problem("damaged, not followed", "stop", 0);
    s->stop_damaged = true;
  }
  return false;
}

static void beat(struct supervisor *s, uint64_t now) {
  struct line line;
  record_beat(&line, &s->attempt, now);
  file_replace("beat", &line); /* a disk without room costs a sign of life, nothing else */
  s->next_beat_ms = now + s->attempt.limits->beat_ms;
  attempt_check_frozen(&s->attempt, now);
}

/* Sleeps until a child ends, a file of the run directory gets its name, or something is due. */
static void sleep(struct supervisor *s, uint64_t now) {
  uint64_t due = attempt_due(&s->attempt);
  if (s->next_beat_ms < due) due = s->next_beat_ms;
  if (s->watch < 0 && now + LOOK_WITHOUT_WATCH_MS < due) due = now + LOOK_WITHOUT_WATCH_MS;
  sys_timer_at(s->timer, due > 0 ? due : 1);

  struct pollfd fds[] = {{.fd = s->children, .events = POLLIN},
                         {.fd = s->timer, .events = POLLIN},
                         {.fd = s->watch, .events = POLLIN}};
  sys_poll(fds, sizeof fds / sizeof *fds, -1);

  /* What woke it does not matter, every step looks at everything: only empty the descriptors. */
  char drained[1024];
  for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
    while (fds[i].fd >= 0 && sys_read(fds[i].fd, drained, sizeof drained) > 0) continue;
  }
}

static void run(struct supervisor *s) {
  struct attempt *attempt = &s->attempt;
  enum phase shown = attempt->phase;
  beat(s, boot_ms());
  while (!attempt->over) {
    char reason[sizeof attempt->reason];
    uint64_t grace_ms;
    uint64_t now = boot_ms();
    read_lease(s);
    if (read_stop(s, reason, sizeof reason, &grace_ms)) {
      attempt_stop(attempt, reason, grace_ms, now);
    }
    attempt_step(attempt, now);
    if (attempt->over) break;
    if (attempt->phase != shown || now >= s->next_beat_ms) beat(s, now);
    shown = attempt->phase;
    sleep(s, now);
  }
}

static void finish(struct supervisor *s, const struct line *line) {
  long result = reserve_use(s->record, reserved, "exit", line);
  if (result < 0) log_problem("not known to be on disk", "exit", result);
  sys_exit(result < 0 ? LAUNCH_FAILED : LAUNCHED);
}

_Noreturn void supervise(struct launch *launch, int tell) {
  static struct supervisor s;
  struct line line;
  char reason[sizeof s.attempt.reason];
  uint64_t grace_ms;
  s.launch = *launch;
  s.tell = tell;
  detach(&s);
  open_senses(&s);
  claim(&s);
  if (!in_place(&s.launch)) {
    job_dismiss(&s.job);
    refuse(&s, LAUNCH_MOVED, "this run directory was given up and moved away", 0);
  }
  answer(&s, LAUNCHED, "", 0);
  launch_forget(&s.launch);

  /* The last look before the command runs: the writes may have taken longer than the lease. */
  s.attempt.limits = &s.launch.limits;
  s.attempt.leader = s.job.pid;
  read_lease(&s);
  bool stopped = read_stop(&s, reason, sizeof reason, &grace_ms);
  s.attempt.output = (struct output){.printed = s.job.output, .errors = s.job.errors};
  attempt_begin(&s.attempt, boot_ms());
  if (stopped || s.attempt.released_ms >= s.attempt.deadline_ms) {
    job_dismiss(&s.job);
    if (stopped) record_not_started(&line, &s.attempt, &s.job, "stopped", "reason", reason);
    else record_not_started(&line, &s.attempt, &s.job, "start-failed", "cause", "lease");
  } else {
    job_release(&s.job);
    run(&s);
    record_exit(&line, &s.attempt, &s.job);
  }
  finish(&s, &line);
  sys_exit(LAUNCHED);
}
