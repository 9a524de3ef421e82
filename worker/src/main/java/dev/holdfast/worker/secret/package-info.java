/**
 * The secrets that jobs, repositories and registries name.
 *
 * <p>Authority: the files of one directory on the worker's machine, which its operator fills. A
 * job's spec, and so the log, only ever holds a secret's name.
 *
 * <p>Invariants: a file that others could read is refused, never used; a value appears in no
 * message, no log line and no {@code toString}.
 */
@NullMarked
package dev.holdfast.worker.secret;

import org.jspecify.annotations.NullMarked;
