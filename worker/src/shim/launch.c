/* See launch.h. */
#include "launch.h"

#include "files.h"

enum { LARGEST = 8 << 20 };

/* Which fields have been seen: none twice, and the first ones are required. */
enum field { CWD = 1, GRACE = 2, BEAT = 4, TIMEOUT = 8, FROZEN = 16, FROZEN_WORKER = 32,
             LOCK = 64, LOSS = 128, REQUIRED = 255,
             IDLE = 256, FINISHER_GRACE = 512, MARKER = 1024, PLACE = 2048, NICE = 4096,
             OOM = 8192 };

static long file_size(const char *name) {
  long fd = sys_open(name, O_RDONLY, 0);
  if (fd < 0) return fd;
  long size = sys_seek_end((int)fd);
  sys_close((int)fd);
  return size;
}

/* Checks the last string against the bytes before it, and cuts it off. */
static bool verify(char *bytes, size_t *length) {
  enum { LAST = sizeof "crc32=xxxxxxxx" };
  if (*length < LAST || bytes[*length - 1] != 0) return false;
  size_t covered = *length - LAST;
  if (covered > 0 && bytes[covered - 1] != 0) return false;
  struct line expected = {.length = 0};
  line_text(&expected, "crc32=");
  line_hex(&expected, crc32(bytes, covered));
  *length = covered;
  return text_equal(bytes + covered, line_string(&expected));
}

static const char *read_loss(struct limits *limits, const char *value) {
  if (text_equal(value, "freeze")) limits->on_lost_lease = LEASE_FREEZE;
  else if (text_equal(value, "continue")) limits->on_lost_lease = LEASE_CONTINUE;
  else if (text_equal(value, "end")) limits->on_lost_lease = LEASE_END;
  else return "on_lost_lease is none of freeze, continue, end";
  return NULL;
}

static bool copy(char *to, size_t size, const char *text) {
  size_t length = text_length(text);
  if (length >= size) return false;
  memcpy(to, text, length + 1);
  return true;
}

static const char *read_field(struct launch *launch, char *entry, unsigned *seen) {
  struct limits *limits = &launch->limits;
  const struct { const char *prefix; uint64_t *number; enum field field; } numbers[] = {
      {"stop_grace_ms=", &limits->stop_grace_ms, GRACE},
      {"beat_ms=", &limits->beat_ms, BEAT},
      {"run_timeout_ms=", &limits->run_timeout_ms, TIMEOUT},
      {"idle_timeout_ms=", &limits->idle_timeout_ms, IDLE},
      {"finisher_grace_ms=", &limits->finisher_grace_ms, FINISHER_GRACE},
      {"nice=", &launch->nice, NICE},
      {"oom_score_adj=", &launch->oom_score_adj, OOM},
      {"frozen_limit_ms=", &limits->frozen_limit_ms, FROZEN},
      {"frozen_limit_worker_ms=", &limits->frozen_limit_worker_ms, FROZEN_WORKER},
  };
  const char *value;
  enum field field = 0;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if ((value = text_after(entry, numbers[i].prefix)) == NULL) continue;
    if (!text_number(value, numbers[i].number)) return "a number is malformed";
    field = numbers[i].field;
  }
  if ((value = text_after(entry, "cwd=")) != NULL) {
    launch->cwd = value;
    field = CWD;
  } else if ((value = text_after(entry, "worker_lock=")) != NULL) {
    if (!copy(limits->worker_lock, sizeof limits->worker_lock, value)) {
      return "worker_lock is longer than a path may be";
    }
    field = LOCK;
  } else if ((value = text_after(entry, "finisher_marker=")) != NULL) {
    if (!copy(limits->finisher_marker, sizeof limits->finisher_marker, value)) {
      return "finisher_marker is too long";
    }
    field = MARKER;
  } else if ((value = text_after(entry, "run_directory=")) != NULL) {
    launch->place = value;
    field = PLACE;
  } else if ((value = text_after(entry, "cgroup=")) != NULL) {
    return cgroup_add(&limits->cgroup, value) ? NULL : "there are too many cgroup directories";
  } else if ((value = text_after(entry, "on_lost_lease=")) != NULL) {
    const char *problem = read_loss(limits, value);
    if (problem != NULL) return problem;
    field = LOSS;
  }
  if (*seen & field) return "an entry is given twice";
  *seen |= field;
  return NULL;
}

static const char *read_entries(struct launch *launch, char *bytes, size_t length) {
  char *end = bytes + length;
  size_t arguments = 0;
  size_t variables = 0;
  unsigned seen = 0;
  if (!text_equal(bytes, "version=1")) return "the first entry is not version=1";
  for (char *entry = bytes + text_length(bytes) + 1; entry < end; entry += text_length(entry) + 1) {
    if (text_after(entry, "arg=") != NULL) {
      launch->argv[arguments++] = entry + 4;
    } else if (text_after(entry, "env=") != NULL) {
      launch->envp[variables++] = entry + 4;
    } else {
      const char *problem = read_field(launch, entry, &seen);
      if (problem != NULL) return problem;
    }
  }
  if ((seen & REQUIRED) != REQUIRED) return "an entry is missing";
  if (arguments == 0) return "there is no command";
  if (launch->limits.beat_ms == 0) return "beat_ms is 0";
  launch->run = launch_variable(launch, "HOLDFAST_RUN=");
  return NULL;
}

const char *launch_read(struct launch *launch) {
  long size = file_size("launch");
  if (size == -ENOENT) return "there is none";
  if (size < 0) return "it cannot be read";
  if (size < 32 || size > LARGEST) return "its size is out of range";

  /* Each entry takes 5 bytes or more, so two pointers for each 5 bytes are enough for both lists,
   * in zeroed memory: the lists end by themselves. */
  size_t pointers = (size_t)size / 5 + 2;
  size_t text = ((size_t)size + 1 + 15) & ~(size_t)15;
  launch->memory_size = text + 2 * pointers * sizeof(char *);
  launch->memory = sys_map(launch->memory_size);
  if (launch->memory == NULL) return "there is no memory for it";
  launch->argv = (char **)(void *)(launch->memory + text);
  launch->envp = launch->argv + pointers;

  size_t length = (size_t)size;
  if (file_read("launch", launch->memory, length) != size) return "it changed while being read";
  if (!verify(launch->memory, &length)) return "its checksum is wrong";
  return read_entries(launch, launch->memory, length);
}

void launch_forget(struct launch *launch) {
  sys_unmap(launch->memory, launch->memory_size);
  launch->memory = NULL;
}

const char *launch_variable(const struct launch *launch, const char *assignment) {
  for (char **variable = launch->envp; *variable != NULL; variable++) {
    const char *value = text_after(*variable, assignment);
    if (value != NULL) return value;
  }
  return NULL;
}
