/*
 * Control files: one line "holdfast1 <name> key=value key=value crc32=xxxxxxxx\n". The checksum
 * covers every byte before " crc32=". What follows the line may only be padding (the exit record
 * is written into a file of fixed size).
 */
#ifndef HOLDFAST_CONTROL_H
#define HOLDFAST_CONTROL_H

#include "text.h"

void control_begin(struct line *line, const char *name);
void control_text(struct line *line, const char *key, const char *value);
void control_number(struct line *line, const char *key, uint64_t value);
void control_end(struct line *line);

enum control_state { CONTROL_MISSING, CONTROL_DAMAGED, CONTROL_WHOLE };

/* Reads and checks a file of the run directory. Only a whole one may be asked for its values. */
enum control_state control_read(const char *name, struct line *line);
bool control_value(const struct line *line, const char *key, char *value, size_t size);
bool control_value_number(const struct line *line, const char *key, uint64_t *number);

#endif
