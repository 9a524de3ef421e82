/* See cgroup.h. */
#include "cgroup.h"

#include "files.h"

bool cgroup_add(struct cgroup *cgroup, const char *path) {
  size_t size = text_length(path) + 1;
  if (size > sizeof cgroup->paths - cgroup->length) return false;
  memcpy(cgroup->paths + cgroup->length, path, size);
  cgroup->length += size;
  return true;
}

static const char *file_of(struct line *path, const char *directory, const char *name) {
  path->length = 0;
  path->overflown = false;
  line_text(path, directory);
  line_text(path, "/");
  line_text(path, name);
  return line_string(path);
}

static const char *next(const struct cgroup *cgroup, const char *directory) {
  directory = directory == NULL ? cgroup->paths : directory + text_length(directory) + 1;
  return directory < cgroup->paths + cgroup->length ? directory : NULL;
}

static long write_file(const char *directory, const char *name, const char *value) {
  struct line path;
  long fd = sys_open(file_of(&path, directory, name), O_WRONLY, 0);
  if (fd < 0) return fd;
  long result = write_all((int)fd, value, text_length(value));
  sys_close((int)fd);
  return result;
}

/* Writes to the first directory that has such a file. */
static bool tell(const struct cgroup *cgroup, const char *name, const char *value) {
  for (const char *at = NULL; (at = next(cgroup, at)) != NULL;) {
    if (write_file(at, name, value) == 0) return true;
  }
  return false;
}

/* Reads, as text, from the first directory that has such a file. */
static bool ask(const struct cgroup *cgroup, const char *name, char *text, size_t size) {
  for (const char *at = NULL; (at = next(cgroup, at)) != NULL;) {
    struct line path;
    long length = file_read(file_of(&path, at, name), text, size - 1);
    if (length < 0) continue;
    text[length] = 0;
    return true;
  }
  return false;
}

long cgroup_join(const struct cgroup *cgroup, int pid) {
  struct line number = {.length = 0};
  line_number(&number, (uint64_t)pid);
  for (const char *at = NULL; (at = next(cgroup, at)) != NULL;) {
    long result = write_file(at, "cgroup.procs", line_string(&number));
    if (result < 0) return result;
  }
  return 0;
}

bool cgroup_freeze(const struct cgroup *cgroup) {
  return tell(cgroup, "cgroup.freeze", "1") || tell(cgroup, "freezer.state", "FROZEN");
}

bool cgroup_thaw(const struct cgroup *cgroup) {
  return tell(cgroup, "cgroup.freeze", "0") || tell(cgroup, "freezer.state", "THAWED");
}

/* The number after the word, wherever in the text it stands; 0 when it is not there. */
static uint64_t number_after(const char *text, const char *word, const char **rest) {
  uint64_t value = 0;
  *rest = NULL;
  for (; *text != 0; text++) {
    const char *digits = text_after(text, word);
    if (digits == NULL) continue;
    while (*digits >= '0' && *digits <= '9') value = value * 10 + (uint64_t)(*digits++ - '0');
    *rest = digits;
    break;
  }
  return value;
}

bool cgroup_frozen(const struct cgroup *cgroup) {
  char text[256];
  const char *rest;
  if (ask(cgroup, "cgroup.events", text, sizeof text)) {
    return number_after(text, "frozen ", &rest) == 1;
  }
  return ask(cgroup, "freezer.state", text, sizeof text) && text_equal(text, "FROZEN\n");
}

void cgroup_kill(const struct cgroup *cgroup) { tell(cgroup, "cgroup.kill", "1"); }

void cgroup_members(const struct cgroup *cgroup, void (*member)(void *context, int pid),
                    void *context) {
  struct line path;
  if (cgroup->length == 0) return;
  long fd = sys_open(file_of(&path, cgroup->paths, "cgroup.procs"), O_RDONLY, 0);
  if (fd < 0) return;
  char bytes[1024];
  int pid = 0;
  long got;
  while ((got = sys_read((int)fd, bytes, sizeof bytes)) > 0) {
    for (long i = 0; i < got; i++) {
      if (bytes[i] != '\n') {
        pid = pid * 10 + (bytes[i] - '0');
        continue;
      }
      if (pid > 0) member(context, pid); /* 0 is one that this pid namespace does not see */
      pid = 0;
    }
  }
  sys_close((int)fd);
}

static void count(void *context, int pid) {
  (void)pid;
  ++*(uint64_t *)context;
}

bool cgroup_empty(const struct cgroup *cgroup) {
  uint64_t members = 0;
  cgroup_members(cgroup, count, &members);
  return members == 0;
}

/* The sum of all numbers that follow the word: these files have a line for each device. */
static uint64_t sum_after(const char *text, const char *word) {
  uint64_t sum = 0;
  const char *rest = text;
  while (rest != NULL) sum += number_after(rest, word, &rest);
  return sum;
}

void cgroup_usage(const struct cgroup *cgroup, struct cgroup_usage *usage) {
  char text[4096];
  const char *rest;
  if (ask(cgroup, "cpuacct.usage", text, sizeof text)) {
    usage->cpu_ms = number_after(text, "", &rest) / 1000000;
  } else if (ask(cgroup, "cpu.stat", text, sizeof text)) {
    usage->cpu_ms = number_after(text, "usage_usec ", &rest) / 1000; /* 0 in version 1 */
  }
  if (ask(cgroup, "memory.peak", text, sizeof text) ||
      ask(cgroup, "memory.max_usage_in_bytes", text, sizeof text)) {
    usage->peak_bytes = number_after(text, "", &rest);
  }
  if (ask(cgroup, "io.stat", text, sizeof text)) {
    usage->read_bytes = sum_after(text, "rbytes=");
    usage->written_bytes = sum_after(text, "wbytes=");
  } else if (ask(cgroup, "blkio.throttle.io_service_bytes_recursive", text, sizeof text)) {
    usage->read_bytes = sum_after(text, "Read ");
    usage->written_bytes = sum_after(text, "Write ");
  }
}
