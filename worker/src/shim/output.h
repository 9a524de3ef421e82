/*
 * What the job prints, looked at from time to time: whether it grows, and whether the marker of a
 * finisher is in it. The job writes to its files by itself; nothing here stands in its way.
 */
#ifndef HOLDFAST_OUTPUT_H
#define HOLDFAST_OUTPUT_H

#include "text.h"

struct output {
  int printed;      /* stdout, as the job has it */
  int errors;
  uint64_t length;  /* of both together, at the last look */
  uint64_t scanned; /* bytes of stdout in which no marker begins */
};

uint64_t output_file_length(int fd);

/* Whether stdout or stderr has changed its length since the last look. */
bool output_changed(struct output *output);

/* Whether the marker is in what stdout holds by now; never asked again once it was. */
bool output_has(struct output *output, const char *marker);

#endif
