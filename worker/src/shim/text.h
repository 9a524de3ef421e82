/* Strings, decimal numbers, a line under construction, and the checksum of every control file. */
#ifndef HOLDFAST_TEXT_H
#define HOLDFAST_TEXT_H

#include "sys.h"

/* Text being put together. What does not fit is dropped and marks it overflown: never written. */
struct line {
  char bytes[1024];
  size_t length;
  bool overflown;
};

/* Defined in start.c; the compiler also calls them of its own accord. */
void *memcpy(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *left, const void *right, size_t size);

size_t text_length(const char *text);
bool text_equal(const char *left, const char *right);

/* What follows the prefix, or NULL when the text does not begin with it. */
const char *text_after(const char *text, const char *prefix);

/* Decimal digits and nothing else, up to 18 of them. */
bool text_number(const char *text, uint64_t *number);

void line_bytes(struct line *line, const char *bytes, size_t length);
void line_text(struct line *line, const char *text);
void line_number(struct line *line, uint64_t number);
void line_hex(struct line *line, uint32_t number);

/* The text so far, ended by a zero byte: a path or a message. */
const char *line_string(struct line *line);

/* CRC-32 as in IEEE 802.3, zip and java.util.zip.CRC32. */
uint32_t crc32(const void *bytes, size_t length);

#endif
