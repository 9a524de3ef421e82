/*
 * holdfast-shim: supervises one attempt of a job in one run directory, and needs no worker for it.
 *
 * The launcher (this process) checks the launch file, forks the supervisor, waits until that has
 * made the job's identity durable, and exits. The supervisor lives as long as the job.
 */
#include "end.h"
#include "files.h"
#include "inside.h"
#include "launch.h"
#include "supervise.h"

#ifndef SOURCE_SHA256
#error "build with the Makefile: it passes the digest of the sources"
#endif

static const char help[] =
    "holdfast-shim RUN_DIR                  start the job of RUN_DIR/launch, and supervise it\n"
    "holdfast-shim --end RUN_DIR [GRACE_MS] end what a dead shim has left of the job in RUN_DIR\n"
    "holdfast-shim --inside RUN_DIR         the same as the first process of a container, as the user\n"
    "                                       of RUN_DIR/inside; the answer goes to RUN_DIR/answer\n"
    "holdfast-shim --end-cgroup DIR...      end what is in a cgroup that belongs to no run\n"
    "holdfast-shim --version                print version, architecture and digest of the sources\n"
    "\n"
    "Start: 0 the job's identity is durable, its outcome will be in RUN_DIR/exit; 2 usage;\n"
    "  3 RUN_DIR was launched before; 4 launch file missing or damaged; 5 the system refused;\n"
    "  6 RUN_DIR is not where its launch file says.\n"
    "End: 0 nothing is left; 1 something is; 2 usage; 3 the shim lives; 4 nothing to go by.\n";

static const char version[] =
    "holdfast-shim 1 linux-" HOLDFAST_ARCH " sources=" SOURCE_SHA256 "\n";

static void say(int fd, const char *text) { write_all(fd, text, text_length(text)); }

static int complain(int code, const char *about, const char *what) {
  struct line message = {.length = 0};
  line_text(&message, "holdfast-shim: ");
  line_text(&message, about);
  line_text(&message, ": ");
  line_text(&message, what);
  line_text(&message, "\n");
  say(2, line_string(&message));
  return code;
}

static int launch_run(const char *directory) {
  static struct launch launch;
  if (sys_exists("identity") == 0) {
    return complain(LAUNCH_REPEATED, directory, "this run directory was launched before");
  }
  const char *problem = launch_read(&launch);
  if (problem != NULL) {
    struct line message = {.length = 0};
    line_text(&message, "its launch file cannot be used: ");
    line_text(&message, problem);
    return complain(LAUNCH_DAMAGED, directory, line_string(&message));
  }

  int answer[2];
  if (sys_pipe(answer, 0) < 0) return complain(LAUNCH_FAILED, directory, "cannot open a pipe");
  long pid = sys_fork();
  if (pid < 0) return complain(LAUNCH_FAILED, directory, "cannot fork the supervisor");
  if (pid == 0) supervise(&launch, answer[1]);
  sys_close(answer[1]);

  char message[512] = {0};
  long length;
  do length = sys_read(answer[0], message, sizeof message - 1);
  while (length == -EINTR);
  if (length <= 0) {
    return complain(LAUNCH_FAILED, directory, "the supervisor ended without an answer");
  }
  return message[0] == LAUNCHED ? LAUNCHED : complain(message[0], directory, message + 1);
}

/* There is no launcher to wait for an answer, nor could it leave: its end would be the container's. */
static int launch_inside(const char *directory) {
  static struct launch launch;
  const char *problem = launch_read(&launch);
  if (problem != NULL) return complain(LAUNCH_DAMAGED, directory, problem);
  if (!inside_enter()) return complain(LAUNCH_DAMAGED, directory, "the file inside cannot be used");
  long answer = sys_open("answer", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (answer < 0) return complain(LAUNCH_FAILED, directory, "cannot open the file for the answer");
  supervise(&launch, (int)answer);
}

/* The run directory becomes the working directory: it may be renamed while the job runs. */
static bool enter(const char *directory) { return sys_chdir(directory) == 0; }

int main(int argc, char **argv) {
  uint64_t grace_ms = 0;
  if (argc == 2 && text_equal(argv[1], "--version")) {
    say(1, version);
    return 0;
  }
  if (argc == 2 && (text_equal(argv[1], "--help") || text_equal(argv[1], "-h"))) {
    say(1, help);
    return 0;
  }
  if (argc >= 3 && text_equal(argv[1], "--end-cgroup")) return end_cgroup(argv + 2);
  if (argc == 2 && argv[1][0] != '-') {
    if (!enter(argv[1])) return complain(LAUNCH_FAILED, argv[1], "cannot enter the run directory");
    return launch_run(argv[1]);
  }
  if (argc == 3 && text_equal(argv[1], "--inside")) {
    if (!enter(argv[2])) return complain(LAUNCH_FAILED, argv[2], "cannot enter the run directory");
    return launch_inside(argv[2]);
  }
  if ((argc == 3 || argc == 4) && text_equal(argv[1], "--end") &&
      (argc == 3 || text_number(argv[3], &grace_ms))) {
    if (!enter(argv[2])) return complain(END_UNKNOWN, argv[2], "cannot enter the run directory");
    return end_run(grace_ms);
  }
  say(2, help);
  return LAUNCH_USAGE;
}
