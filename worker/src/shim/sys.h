/*
 * The only door to the kernel: raw system calls on x86_64 and aarch64, and thin typed names for
 * the few that the shim uses. Every wrapper answers what the kernel answers: a value, or minus an
 * errno. Only calls that both architectures have are used (openat, clone, ppoll, dup3, ...), so
 * the two differ in the instruction sequence below and in nothing else.
 *
 * Every descriptor is opened close-on-exec: what the job is to inherit is handed to it by dup3.
 */
#ifndef HOLDFAST_SYS_H
#define HOLDFAST_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/poll.h>
#include <asm/signal.h>
#include <asm/unistd.h>
#include <linux/close_range.h>
#include <linux/fcntl.h>
#include <linux/inotify.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/stat.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/wait.h>

#if defined(__x86_64__)
#define HOLDFAST_ARCH "x86_64"
static inline long sys_call(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
#define HOLDFAST_ARCH "aarch64"
static inline long sys_call(long number, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc #0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}
#else
#error "holdfast-shim knows x86_64 and aarch64; add the system call sequence of this one"
#endif

/* Missing from the kernel's user-space headers. */
#define SEEK_END 2
#define TFD_TIMER_ABSTIME 1
#define ALL_SIGNALS (~0UL)
#define SIGNAL_SET_SIZE 8

struct directory_entry {
  uint64_t inode;
  int64_t offset;
  uint16_t length;
  uint8_t type;
  char name[];
};

static inline long sys_open(const char *path, int flags, int mode) {
  return sys_call(__NR_openat, AT_FDCWD, (long)path, flags | O_CLOEXEC, mode, 0, 0);
}

static inline long sys_close(int fd) { return sys_call(__NR_close, fd, 0, 0, 0, 0, 0); }

static inline long sys_read(int fd, void *bytes, size_t size) {
  return sys_call(__NR_read, fd, (long)bytes, (long)size, 0, 0, 0);
}

static inline long sys_pread(int fd, void *bytes, size_t size, long offset) {
  return sys_call(__NR_pread64, fd, (long)bytes, (long)size, offset, 0, 0);
}

static inline long sys_pwrite(int fd, const void *bytes, size_t size, long offset) {
  return sys_call(__NR_pwrite64, fd, (long)bytes, (long)size, offset, 0, 0);
}

static inline long sys_write(int fd, const void *bytes, size_t size) {
  return sys_call(__NR_write, fd, (long)bytes, (long)size, 0, 0, 0);
}

static inline long sys_seek_end(int fd) { return sys_call(__NR_lseek, fd, 0, SEEK_END, 0, 0, 0); }

static inline long sys_truncate(int fd, long length) {
  return sys_call(__NR_ftruncate, fd, length, 0, 0, 0, 0);
}

static inline long sys_sync(int fd) { return sys_call(__NR_fsync, fd, 0, 0, 0, 0, 0); }

static inline long sys_rename(const char *from, const char *to) {
  return sys_call(__NR_renameat2, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0, 0);
}

static inline long sys_link(const char *from, const char *to) {
  return sys_call(__NR_linkat, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0, 0);
}

static inline long sys_unlink(const char *path) {
  return sys_call(__NR_unlinkat, AT_FDCWD, (long)path, 0, 0, 0, 0);
}

static inline long sys_exists(const char *path) {
  return sys_call(__NR_faccessat, AT_FDCWD, (long)path, 0, 0, 0, 0);
}

static inline long sys_status(const char *path, struct statx *status) {
  return sys_call(__NR_statx, AT_FDCWD, (long)path, 0, STATX_INO, (long)status, 0);
}

static inline long sys_chdir(const char *path) {
  return sys_call(__NR_chdir, (long)path, 0, 0, 0, 0, 0);
}

static inline long sys_list(int fd, void *entries, size_t size) {
  return sys_call(__NR_getdents64, fd, (long)entries, (long)size, 0, 0, 0);
}

static inline long sys_pipe(int ends[2], int flags) {
  return sys_call(__NR_pipe2, (long)ends, flags | O_CLOEXEC, 0, 0, 0, 0);
}

static inline long sys_duplicate(int fd, int as) {
  return sys_call(__NR_dup3, fd, as, 0, 0, 0, 0);
}

static inline long sys_close_range(unsigned first, unsigned last, unsigned flags) {
  return sys_call(__NR_close_range, first, last, flags, 0, 0, 0);
}

static inline long sys_fork(void) { return sys_call(__NR_clone, SIGCHLD, 0, 0, 0, 0, 0); }

static inline long sys_execute(const char *path, char *const *argv, char *const *envp) {
  return sys_call(__NR_execve, (long)path, (long)argv, (long)envp, 0, 0, 0);
}

static inline long sys_wait(int pid, int *status, int options) {
  return sys_call(__NR_wait4, pid, (long)status, options, 0, 0, 0);
}

static inline long sys_usage_of_children(struct rusage *usage) {
  return sys_call(__NR_getrusage, RUSAGE_CHILDREN, (long)usage, 0, 0, 0, 0);
}

/* Of the calling process. */
static inline long sys_set_nice(int nice) {
  return sys_call(__NR_setpriority, 0 /* a process */, 0, nice, 0, 0, 0);
}

static inline int sys_pid(void) { return (int)sys_call(__NR_getpid, 0, 0, 0, 0, 0, 0); }

static inline long sys_new_session(void) { return sys_call(__NR_setsid, 0, 0, 0, 0, 0, 0); }

static inline long sys_prctl(int option, unsigned long value) {
  return sys_call(__NR_prctl, option, (long)value, 0, 0, 0, 0);
}

static inline long sys_default_action(int signal) {
  static const uint64_t default_action[4]; /* handler SIG_DFL, no flags, no restorer, no mask */
  return sys_call(__NR_rt_sigaction, signal, (long)default_action, 0, SIGNAL_SET_SIZE, 0, 0);
}

static inline long sys_set_signal_mask(uint64_t mask) {
  return sys_call(__NR_rt_sigprocmask, SIG_SETMASK, (long)&mask, 0, SIGNAL_SET_SIZE, 0, 0);
}

static inline long sys_signal_fd(uint64_t mask) {
  return sys_call(__NR_signalfd4, -1, (long)&mask, SIGNAL_SET_SIZE, O_NONBLOCK | O_CLOEXEC, 0, 0);
}

static inline long sys_watch_fd(void) {
  return sys_call(__NR_inotify_init1, O_NONBLOCK | O_CLOEXEC, 0, 0, 0, 0, 0);
}

static inline long sys_watch(int fd, const char *path, uint32_t events) {
  return sys_call(__NR_inotify_add_watch, fd, (long)path, (long)events, 0, 0, 0);
}

static inline long sys_timer_fd(int clock) {
  return sys_call(__NR_timerfd_create, clock, O_NONBLOCK | O_CLOEXEC, 0, 0, 0, 0);
}

static inline long sys_timer_at(int fd, uint64_t at_ms) {
  struct __kernel_itimerspec when = {
      .it_value = {.tv_sec = (long long)(at_ms / 1000),
                   .tv_nsec = (long long)(at_ms % 1000 * 1000000)}};
  return sys_call(__NR_timerfd_settime, fd, TFD_TIMER_ABSTIME, (long)&when, 0, 0, 0);
}

/* Waits for one of the descriptors; with count 0 it is a plain pause. A timeout below 0 is none. */
static inline long sys_poll(struct pollfd *fds, unsigned count, long timeout_ms) {
  struct __kernel_timespec timeout = {.tv_sec = timeout_ms / 1000,
                                      .tv_nsec = timeout_ms % 1000 * 1000000};
  return sys_call(__NR_ppoll, (long)fds, count, timeout_ms < 0 ? 0 : (long)&timeout, 0,
                  SIGNAL_SET_SIZE, 0);
}

static inline long sys_lock_holder(int fd, struct flock *lock) {
  return sys_call(__NR_fcntl, fd, F_GETLK, (long)lock, 0, 0, 0);
}

static inline long sys_process_fd(int pid) {
  return sys_call(__NR_pidfd_open, pid, 0, 0, 0, 0, 0);
}

static inline long sys_process_signal(int process_fd, int signal) {
  return sys_call(__NR_pidfd_send_signal, process_fd, signal, 0, 0, 0, 0);
}

/* Private zeroed memory, in whole pages, given back by sys_unmap; NULL when there is none. */
static inline void *sys_map(size_t size) {
  long at = sys_call(__NR_mmap, 0, (long)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                     -1, 0);
  return at < 0 && at > -4096 ? NULL : (void *)at;
}

static inline void *sys_remap(void *old, size_t old_size, size_t size) {
  long at = sys_call(__NR_mremap, (long)old, (long)old_size, (long)size, MREMAP_MAYMOVE, 0, 0);
  return at < 0 && at > -4096 ? NULL : (void *)at;
}

static inline void sys_unmap(void *at, size_t size) {
  sys_call(__NR_munmap, (long)at, (long)size, 0, 0, 0, 0);
}

static inline uint64_t sys_clock_ms(int clock) {
  struct __kernel_timespec now = {0};
  sys_call(__NR_clock_gettime, clock, (long)&now, 0, 0, 0, 0);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Milliseconds since the machine started, suspend included: the clock of every deadline. */
static inline uint64_t boot_ms(void) { return sys_clock_ms(CLOCK_BOOTTIME); }

_Noreturn static inline void sys_exit(int code) {
  for (;;) sys_call(__NR_exit_group, code, 0, 0, 0, 0, 0);
}

#endif
