/* See text.h. */
#include "text.h"

size_t text_length(const char *text) {
  size_t length = 0;
  while (text[length] != 0) length++;
  return length;
}

bool text_equal(const char *left, const char *right) {
  const char *rest = text_after(left, right);
  return rest != NULL && *rest == 0;
}

const char *text_after(const char *text, const char *prefix) {
  for (; *prefix != 0; text++, prefix++) {
    if (*text != *prefix) return NULL;
  }
  return text;
}

bool text_number(const char *text, uint64_t *number) {
  size_t length = text_length(text);
  if (length == 0 || length > 18) return false;
  uint64_t value = 0;
  for (; *text != 0; text++) {
    if (*text < '0' || *text > '9') return false;
    value = value * 10 + (uint64_t)(*text - '0');
  }
  *number = value;
  return true;
}

void line_bytes(struct line *line, const char *bytes, size_t length) {
  if (length >= sizeof line->bytes - line->length) {
    line->overflown = true;
    return;
  }
  for (size_t i = 0; i < length; i++) line->bytes[line->length++] = bytes[i];
}

void line_text(struct line *line, const char *text) { line_bytes(line, text, text_length(text)); }

void line_number(struct line *line, uint64_t number) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  line_bytes(line, digits + at, sizeof digits - at);
}

void line_hex(struct line *line, uint32_t number) {
  char digits[8];
  for (int i = 7; i >= 0; i--, number >>= 4) digits[i] = "0123456789abcdef"[number & 15];
  line_bytes(line, digits, sizeof digits);
}

const char *line_string(struct line *line) {
  line->bytes[line->length] = 0;
  return line->bytes;
}

uint32_t crc32(const void *bytes, size_t length) {
  /* Four bits at a time: a table of 16 is small enough to check by eye. */
  static const uint32_t table[16] = {
      0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
      0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
      0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  const unsigned char *at = bytes;
  uint32_t crc = 0xffffffff;
  for (; length > 0; length--, at++) {
    crc = table[(crc ^ *at) & 15] ^ (crc >> 4);
    crc = table[(crc ^ (*at >> 4)) & 15] ^ (crc >> 4);
  }
  return ~crc;
}
