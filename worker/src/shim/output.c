/* See output.h. */
#include "output.h"

uint64_t output_file_length(int fd) {
  long length = sys_seek_end(fd);
  return length < 0 ? 0 : (uint64_t)length;
}

bool output_changed(struct output *output) {
  uint64_t before = output->length;
  output->length = output_file_length(output->printed) + output_file_length(output->errors);
  return output->length != before;
}

static bool contains(const char *bytes, size_t length, const char *wanted, size_t wanted_length) {
  for (size_t at = 0; at + wanted_length <= length; at++) {
    if (bytes[at] == *wanted && memcmp(bytes + at, wanted, wanted_length) == 0) return true;
  }
  return false;
}

/* A marker may lie across two reads: each begins with the end of the one before. */
bool output_has(struct output *output, const char *marker) {
  size_t length = text_length(marker);
  char bytes[4096];
  long fd = sys_open("stdout", O_RDONLY, 0);
  if (fd < 0) return false;
  bool found = false;
  long got;
  while (!found &&
         (got = sys_pread((int)fd, bytes, sizeof bytes, (long)output->scanned)) >= (long)length) {
    found = contains(bytes, (size_t)got, marker, length);
    output->scanned += (uint64_t)got - (length - 1);
  }
  sys_close((int)fd);
  return found;
}
