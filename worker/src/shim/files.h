/*
 * Files of the run directory, which is the working directory. Nobody ever sees a half-written one:
 * a temporary file is filled first and then given its name. All answers are 0 or minus an errno.
 */
#ifndef HOLDFAST_FILES_H
#define HOLDFAST_FILES_H

#include "text.h"

/* The length read; -EFBIG when the file is longer than size. */
long file_read(const char *path, char *bytes, size_t size);

long write_all(int fd, const char *bytes, size_t length);

/* Replaces the file without forcing it to disk: for what means nothing after a reboot. */
long file_replace(const char *name, const struct line *content);

/* Creates the file durably, unless it exists: then -EEXIST, whoever came first. */
long file_claim(const char *name, const struct line *content);

/*
 * Room for a record that must not be lost to a full disk: written and forced to disk in advance,
 * then overwritten in place and renamed. Answers the descriptor.
 */
long reserve(const char *name);
long reserve_use(int fd, const char *from, const char *to, const struct line *content);

/* Appends a message to shim.log, which exists only when there was something to say. */
void log_problem(const char *what, const char *about, long error);

#endif
