/* See control.h. */
#include "control.h"

#include "files.h"

static const char version[] = "holdfast1 ";
static const char checksum[] = " crc32=";
enum { CHECKSUM_LENGTH = sizeof checksum - 1 + 8 };

void control_begin(struct line *line, const char *name) {
  line->length = 0;
  line->overflown = false;
  line_text(line, version);
  line_text(line, name);
}

void control_text(struct line *line, const char *key, const char *value) {
  line_text(line, " ");
  line_text(line, key);
  line_text(line, "=");
  line_text(line, value);
}

void control_number(struct line *line, const char *key, uint64_t value) {
  control_text(line, key, "");
  line_number(line, value);
}

void control_end(struct line *line) {
  uint32_t crc = crc32(line->bytes, line->length);
  line_text(line, checksum);
  line_hex(line, crc);
  line_text(line, "\n");
}

/* Cuts the line before its checksum when that is right; the values are left for control_value. */
static bool verify(struct line *line, const char *name) {
  size_t end = 0;
  while (end < line->length && line->bytes[end] != '\n') end++;
  if (end == line->length || end < CHECKSUM_LENGTH) return false;
  for (size_t i = end; i < line->length; i++) {
    if (line->bytes[i] != '\n' && line->bytes[i] != ' ') return false;
  }

  struct line expected = {.length = 0};
  line_text(&expected, checksum);
  line_hex(&expected, crc32(line->bytes, end - CHECKSUM_LENGTH));
  line->bytes[end] = 0;
  if (!text_equal(line->bytes + end - CHECKSUM_LENGTH, line_string(&expected))) return false;

  line->length = end - CHECKSUM_LENGTH;
  const char *rest = text_after(line_string(line), version);
  rest = rest == NULL ? NULL : text_after(rest, name);
  return rest != NULL && *rest == ' ';
}

enum control_state control_read(const char *name, struct line *line) {
  long length = file_read(name, line->bytes, sizeof line->bytes - 1);
  if (length == -ENOENT) return CONTROL_MISSING;
  if (length < 0) return CONTROL_DAMAGED;
  line->length = (size_t)length;
  line->overflown = false;
  return verify(line, name) ? CONTROL_WHOLE : CONTROL_DAMAGED;
}

bool control_value(const struct line *line, const char *key, char *value, size_t size) {
  for (const char *at = line->bytes; *at != 0; at++) {
    if (*at != ' ') continue;
    const char *from = text_after(at + 1, key);
    if (from == NULL || *from != '=') continue;
    from++;
    size_t length = 0;
    while (from[length] != 0 && from[length] != ' ') length++;
    if (length >= size) return false;
    for (size_t i = 0; i < length; i++) value[i] = from[i];
    value[length] = 0;
    return true;
  }
  return false;
}

bool control_value_number(const struct line *line, const char *key, uint64_t *number) {
  char digits[20];
  return control_value(line, key, digits, sizeof digits) && text_number(digits, number);
}
