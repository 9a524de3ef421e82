/* See tree.h. */
#include "tree.h"

#include "files.h"

static const char *stat_path(struct line *path, int pid) {
  line_text(path, "/proc/");
  line_number(path, (uint64_t)pid);
  line_text(path, "/stat");
  return line_string(path);
}

static long to_number(const char *text) {
  long value = 0;
  bool negative = *text == '-';
  for (text += negative; *text >= '0' && *text <= '9'; text++) value = value * 10 + (*text - '0');
  return negative ? -value : value;
}

bool process_read(int pid, struct process *process) {
  enum { STATE = 3, PARENT = 4, SESSION = 6, THREADS = 20, START = 22 }; /* fields, see proc(5) */
  struct line path = {.length = 0};
  char text[1024];
  long length = file_read(stat_path(&path, pid), text, sizeof text - 1);
  if (length <= 0) return false;
  text[length] = 0;

  /* The name may hold anything, brackets and spaces too: the fields begin after the last ')'. */
  char *at = text + length;
  while (at > text && *at != ')') at--;
  *process = (struct process){.pid = pid};
  int field = 2;
  for (; *at != 0; at++) {
    if (*at != ' ') continue;
    field++;
    if (field == STATE) process->state = at[1];
    if (field == PARENT) process->parent = (int)to_number(at + 1);
    if (field == SESSION) process->session = (int)to_number(at + 1);
    if (field == THREADS) process->threads = (int)to_number(at + 1);
    if (field == START) process->start_ticks = (uint64_t)to_number(at + 1);
  }
  return field > START;
}

bool process_dead(const struct process *process) {
  /* A zombie with threads left is a program whose first thread has ended: it lives. */
  return (process->state == 'Z' && process->threads <= 1) || process->state == 'X';
}

bool process_stopped(const struct process *process) {
  return process->state == 'T' || process->state == 't';
}

bool process_signal(const struct process *process, int signal) {
  long fd = sys_process_fd(process->pid);
  if (fd < 0) return false;
  struct process now;
  bool same = process_read(process->pid, &now) && now.start_ticks == process->start_ticks;
  bool sent = same && sys_process_signal((int)fd, signal) == 0;
  sys_close((int)fd);
  return sent;
}

static bool append(struct snapshot *snapshot, const struct process *process) {
  enum { FIRST = 128 };
  if (snapshot->count == snapshot->capacity) {
    size_t size = snapshot->capacity * sizeof *process;
    void *grown = size == 0 ? sys_map(FIRST * sizeof *process)
                            : sys_remap(snapshot->processes, size, 2 * size);
    if (grown == NULL) return false;
    snapshot->processes = grown;
    snapshot->capacity = size == 0 ? FIRST : 2 * snapshot->capacity;
  }
  snapshot->processes[snapshot->count++] = *process;
  return true;
}

static long add_entries(struct snapshot *snapshot, const char *entries, long length) {
  for (long at = 0; at < length;) {
    const struct directory_entry *entry = (const void *)(entries + at);
    at += entry->length;
    uint64_t pid;
    struct process process;
    if (!text_number(entry->name, &pid) || !process_read((int)pid, &process)) continue;
    if (!append(snapshot, &process)) return -ENOMEM;
  }
  return 0;
}

long snapshot_take(struct snapshot *snapshot) {
  *snapshot = (struct snapshot){0};
  long fd = sys_open("/proc", O_RDONLY | O_DIRECTORY, 0);
  if (fd < 0) return fd;
  char entries[2048] __attribute__((aligned(8)));
  long result;
  while ((result = sys_list((int)fd, entries, sizeof entries)) > 0) {
    result = add_entries(snapshot, entries, result);
    if (result < 0) break;
  }
  sys_close((int)fd);
  return result;
}

void snapshot_free(struct snapshot *snapshot) {
  if (snapshot->processes != NULL) {
    sys_unmap(snapshot->processes, snapshot->capacity * sizeof *snapshot->processes);
  }
}

static struct process *find(const struct snapshot *snapshot, int pid) {
  size_t low = 0;
  size_t high = snapshot->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (snapshot->processes[middle].pid < pid) low = middle + 1;
    else high = middle;
  }
  bool found = low < snapshot->count && snapshot->processes[low].pid == pid;
  return found ? &snapshot->processes[low] : NULL;
}

void snapshot_select_descendants(struct snapshot *snapshot, int ancestor) {
  bool more = true;
  while (more) {
    more = false;
    for (size_t i = 0; i < snapshot->count; i++) {
      struct process *process = &snapshot->processes[i];
      if (process->ours) continue;
      const struct process *parent = find(snapshot, process->parent);
      process->ours = process->parent == ancestor || (parent != NULL && parent->ours);
      more = more || process->ours;
    }
  }
}

static void select_member(void *context, int pid) {
  struct process *process = find(context, pid);
  if (process != NULL) process->ours = process->member = true;
}

void snapshot_select_members(struct snapshot *snapshot, const struct cgroup *cgroup) {
  cgroup_members(cgroup, select_member, snapshot);
}

struct sweep tree_signal(const struct cgroup *cgroup, enum whom whom, int signal) {
  struct sweep sweep = {0};
  struct snapshot snapshot;
  sweep.seen = snapshot_take(&snapshot) == 0;
  snapshot_select_members(&snapshot, cgroup);
  snapshot_select_descendants(&snapshot, sys_pid());
  for (size_t i = 0; i < snapshot.count; i++) {
    const struct process *process = &snapshot.processes[i];
    if (!process->ours || process_dead(process)) continue;
    if (whom == OUTSIDE_CGROUP && process->member) continue;
    bool stopped = process_stopped(process);
    sweep.living++;
    if (!stopped) sweep.running++;
    if (signal != SIGSTOP || !stopped) process_signal(process, signal);
  }
  snapshot_free(&snapshot);
  return sweep;
}
