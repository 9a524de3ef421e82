/* See files.h. */
#include "files.h"

enum { RESERVED_SIZE = 4096, FILE_MODE = 0644 };

long file_read(const char *path, char *bytes, size_t size) {
  long fd = sys_open(path, O_RDONLY, 0);
  if (fd < 0) return fd;
  size_t length = 0;
  long got;
  char beyond;
  while (length < size && (got = sys_read((int)fd, bytes + length, size - length)) != 0) {
    if (got == -EINTR) continue;
    if (got < 0) {
      sys_close((int)fd);
      return got;
    }
    length += (size_t)got;
  }
  bool longer = length == size && sys_read((int)fd, &beyond, 1) == 1;
  sys_close((int)fd);
  return longer ? -EFBIG : (long)length;
}

long write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    long written = sys_write(fd, bytes, length);
    if (written == -EINTR) continue;
    if (written < 0) return written;
    bytes += written;
    length -= (size_t)written;
  }
  return 0;
}

static long sync_directory(void) {
  long fd = sys_open(".", O_RDONLY | O_DIRECTORY, 0);
  if (fd < 0) return fd;
  long result = sys_sync((int)fd);
  sys_close((int)fd);
  return result;
}

static long fill(const char *name, const struct line *content, bool durable) {
  if (content->overflown) return -EMSGSIZE;
  long fd = sys_open(name, O_WRONLY | O_CREAT | O_TRUNC, FILE_MODE);
  if (fd < 0) return fd;
  long result = write_all((int)fd, content->bytes, content->length);
  if (result == 0 && durable) result = sys_sync((int)fd);
  sys_close((int)fd);
  if (result < 0) sys_unlink(name);
  return result;
}

static const char *temporary(struct line *path, const char *name) {
  line_text(path, name);
  line_text(path, ".");
  line_number(path, (uint64_t)sys_pid());
  line_text(path, ".tmp");
  return line_string(path);
}

long file_replace(const char *name, const struct line *content) {
  struct line path = {.length = 0};
  const char *from = temporary(&path, name);
  long result = fill(from, content, false);
  return result < 0 ? result : sys_rename(from, name);
}

long file_claim(const char *name, const struct line *content) {
  struct line path = {.length = 0};
  const char *from = temporary(&path, name);
  long result = fill(from, content, true);
  if (result < 0) return result;
  result = sys_link(from, name);
  sys_unlink(from);
  return result < 0 ? result : sync_directory();
}

long reserve(const char *name) {
  static const char blanks[64] = {[0 ... 63] = '\n'};
  long fd = sys_open(name, O_RDWR | O_CREAT | O_TRUNC, FILE_MODE);
  if (fd < 0) return fd;
  long result = 0;
  for (size_t at = 0; at < RESERVED_SIZE && result == 0; at += sizeof blanks) {
    result = write_all((int)fd, blanks, sizeof blanks);
  }
  if (result == 0) result = sys_sync((int)fd);
  if (result == 0) return fd;
  sys_close((int)fd);
  sys_unlink(name);
  return result;
}

long reserve_use(int fd, const char *from, const char *to, const struct line *content) {
  long result = -EIO;
  if (fd >= 0 && sys_pwrite(fd, content->bytes, content->length, 0) == (long)content->length) {
    sys_truncate(fd, (long)content->length); /* cosmetic: what follows is padding all the same */
    result = sys_sync(fd);
    if (result == 0) result = sys_rename(from, to);
  }
  if (result < 0) {
    /* A second sync of the same pages proves nothing, so start again with a file of its own. */
    log_problem("cannot write the reserved record, trying a new file", to, result);
    if (fd >= 0) sys_close(fd);
    sys_unlink(from);
    result = fill(from, content, true);
    if (result == 0) result = sys_rename(from, to);
  }
  return result < 0 ? result : sync_directory();
}

void log_problem(const char *what, const char *about, long error) {
  struct line message = {.length = 0};
  line_text(&message, "boot_ms=");
  line_number(&message, boot_ms());
  line_text(&message, " ");
  line_text(&message, what);
  line_text(&message, ": ");
  line_text(&message, about);
  if (error < 0) {
    line_text(&message, " errno=");
    line_number(&message, (uint64_t)-error);
  }
  line_text(&message, "\n");
  long fd = sys_open("shim.log", O_WRONLY | O_CREAT | O_APPEND, FILE_MODE);
  if (fd < 0) return; /* nowhere left to say it; the control files still tell what was done */
  write_all((int)fd, message.bytes, message.length);
  sys_close((int)fd);
}
