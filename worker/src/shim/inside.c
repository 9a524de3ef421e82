/* See inside.h. */
#include "inside.h"

#include "control.h"
#include "files.h"

#include <linux/capability.h>

static bool is_inside;
static uint64_t uid;
static uint64_t gid;

bool inside_enter(void) {
  struct line line;
  is_inside = control_read("inside", &line) == CONTROL_WHOLE &&
              control_value_number(&line, "uid", &uid) && uid < UINT32_MAX &&
              control_value_number(&line, "gid", &gid) && gid < UINT32_MAX;
  return is_inside;
}

/* Without new privileges not even root gets back by a program what it gives up here. */
static long drop_capabilities(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
  long result = sys_prctl(PR_SET_NO_NEW_PRIVS, 1);
  if (result < 0) return result;
  return sys_call(__NR_capset, (long)&header, (long)none, 0, 0, 0, 0);
}

long inside_become_user(void) {
  long result;
  if (!is_inside) return 0;
  if ((result = sys_call(__NR_setgroups, 0, 0, 0, 0, 0, 0)) < 0) return result;
  if ((result = sys_call(__NR_setgid, (long)gid, 0, 0, 0, 0, 0)) < 0) return result;
  if ((result = sys_call(__NR_setuid, (long)uid, 0, 0, 0, 0, 0)) < 0) return result;
  return drop_capabilities();
}

/* The top of version 2 has no such file: there an engine shows the machine's groups, not its own. */
static bool is_of_version_2(void) {
  char text[256];
  return file_read("/sys/fs/cgroup/cgroup.events", text, sizeof text) >= 0;
}

const struct cgroup *inside_cgroup(const struct cgroup *outside) {
  static struct cgroup containers;
  if (!is_inside) return outside;
  containers.length = 0;
  if (is_of_version_2()) {
    cgroup_add(&containers, "/sys/fs/cgroup");
  } else {
    cgroup_add(&containers, "/sys/fs/cgroup/cpuacct");
    cgroup_add(&containers, "/sys/fs/cgroup/memory");
    cgroup_add(&containers, "/sys/fs/cgroup/blkio");
  }
  return &containers;
}

/* The number after "oom_kill " at the start of a line. */
static bool find_oom_kills(const char *path, uint64_t *kills) {
  static const char key[] = "\noom_kill ";
  char text[1024] = "\n";
  long length = file_read(path, text + 1, sizeof text - 2);
  if (length < 0) return false;
  text[length + 1] = 0;
  for (char *at = text; *at != 0; at++) {
    const char *value = text_after(at, key);
    if (value == NULL) continue;
    char *end = (char *)value;
    while (*end >= '0' && *end <= '9') end++;
    *end = 0;
    return text_number(value, kills);
  }
  return false;
}

void inside_record(struct line *line) {
  uint64_t kills;
  if (!is_inside) return;
  if (find_oom_kills("/sys/fs/cgroup/memory.events", &kills) ||
      find_oom_kills("/sys/fs/cgroup/memory/memory.oom_control", &kills)) {
    control_number(line, "oom_kills", kills);
  }
}
