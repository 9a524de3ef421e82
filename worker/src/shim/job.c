/* See job.h. */
#include "job.h"

#include "files.h"
#include "inside.h"

static const char default_path[] = "/usr/local/bin:/usr/bin:/bin";

/* A script without an interpreter line is given to sh, as execvp and shells do. */
static long execute_script(const char *path, const struct launch *launch) {
  size_t count = 0;
  while (launch->argv[count] != NULL) count++;
  char **argv = sys_map((count + 2) * sizeof(char *));
  if (argv == NULL) return -ENOMEM;
  argv[0] = "sh";
  argv[1] = (char *)path;
  for (size_t i = 1; i < count; i++) argv[i + 1] = launch->argv[i];
  return sys_execute("/bin/sh", argv, launch->envp);
}

static long execute_file(const char *path, const struct launch *launch) {
  long result = sys_execute(path, launch->argv, launch->envp);
  return result == -ENOEXEC ? execute_script(path, launch) : result;
}

/* Returns only when the command could not be executed. The search is that of execvp. */
static long execute(const struct launch *launch) {
  const char *command = launch->argv[0];
  if (*command == 0) return -ENOENT;
  for (const char *c = command; *c != 0; c++) {
    if (*c == '/') return execute_file(command, launch);
  }

  const char *path = launch_variable(launch, "PATH=");
  if (path == NULL) path = default_path;
  bool denied = false;
  for (;;) {
    size_t length = 0;
    while (path[length] != 0 && path[length] != ':') length++;
    struct line file = {.length = 0};
    line_bytes(&file, path, length);
    if (length > 0) line_text(&file, "/");
    line_text(&file, command);
    long result = file.overflown ? -ENOENT : execute_file(line_string(&file), launch);
    if (result == -EACCES) denied = true;
    else if (result != -ENOENT && result != -ENOTDIR) return result;
    if (path[length] == 0) return denied ? -EACCES : -ENOENT;
    path += length + 1;
  }
}

static long hand_over(int fd, int as) {
  long result = sys_duplicate(fd, as);
  return result < 0 ? result : 0;
}

static void write_number(const char *path, uint64_t number) {
  struct line text = {.length = 0};
  line_number(&text, number);
  long fd = sys_open(path, O_WRONLY, 0);
  if (fd < 0) return;
  write_all((int)fd, text.bytes, text.length);
  sys_close((int)fd);
}

/*
 * The job comes after the worker and the shim when processor or memory are short. A machine that
 * does not let it step back runs it all the same.
 */
static void step_back(const struct launch *launch) {
  if (launch->oom_score_adj > 0) {
    write_number("/proc/self/oom_score_adj", launch->oom_score_adj);
  }
  if (launch->nice > 0) {
    sys_set_nice((int)launch->nice);
    write_number("/proc/self/autogroup", launch->nice); /* its session is scheduled as a group */
  }
}

/* Everything between the release and the command: answers what failed. */
static struct start_failure become(const struct launch *launch, const struct job *job) {
  long error = sys_new_session();
  if (error < 0) return (struct start_failure){START_SESSION, (int)-error};
  step_back(launch);
  for (int signal = 1; signal <= 64; signal++) sys_default_action(signal);
  sys_set_signal_mask(0);

  if ((error = hand_over(job->output, 1)) < 0 || (error = hand_over(job->errors, 2)) < 0) {
    return (struct start_failure){START_OUTPUT, (int)-error};
  }
  error = inside_become_user();
  if (error < 0) return (struct start_failure){START_USER, (int)-error};
  error = sys_chdir(launch->cwd);
  if (error < 0) return (struct start_failure){START_CWD, (int)-error};
  error = execute(launch);
  return (struct start_failure){START_EXEC, (int)-error};
}

static long open_output(const char *name) {
  return sys_open(name, O_WRONLY | O_CREAT | O_APPEND, 0644);
}

long job_fork(const struct launch *launch, struct job *job) {
  int release[2];
  int failure[2];
  long result;
  if ((result = open_output("stdout")) < 0) return result;
  job->output = (int)result;
  if ((result = open_output("stderr")) < 0) return result;
  job->errors = (int)result;
  if ((result = sys_pipe(release, 0)) < 0) return result;
  if ((result = sys_pipe(failure, O_NONBLOCK)) < 0) return result;

  result = sys_fork();
  if (result < 0) return result;
  if (result == 0) {
    char go;
    sys_close(release[1]);
    sys_prctl(PR_SET_PDEATHSIG, SIGKILL); /* before the pipe: a shim that is gone ends it anyway */
    if (sys_read(release[0], &go, 1) != 1) sys_exit(125);
    struct start_failure why = become(launch, job);
    sys_write(failure[1], &why, sizeof why);
    sys_exit(127);
  }
  sys_close(release[0]);
  sys_close(failure[1]);
  job->pid = (int)result;
  job->release = release[1];
  job->failure = failure[0];
  return cgroup_join(&launch->limits.cgroup, job->pid);
}

long job_release(struct job *job) {
  long result = sys_write(job->release, "!", 1);
  sys_close(job->release);
  return result == 1 ? 0 : result;
}

void job_dismiss(struct job *job) {
  int status;
  sys_close(job->release);
  while (sys_wait(job->pid, &status, 0) == -EINTR) continue;
}

bool job_start_failure(const struct job *job, struct start_failure *failure) {
  return sys_read(job->failure, failure, sizeof *failure) == (long)sizeof *failure;
}
