/**
 * Starts the JVMs that make up one Holdfast on one data directory, and starts them again when they
 * die.
 *
 * <pre>
 *   DataDirLock (DIR/up.lock) -- one supervisor per directory
 *        |
 *   Supervisor -- one Child per name, each with a thread that owns all of its state
 *                   |
 *                 ChildProcess -- DIR/pids/NAME.pid, DIR/logs/NAME.log, own session
 * </pre>
 *
 * <p>Authority: the supervisor alone starts and ends the processes named by files in {@code
 * DIR/pids}. What such a process does, and what a name means, is not known here.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A process writes its own pid file before it becomes the program, so a supervisor killed at
 *       any instant leaves no child that its successor cannot find.
 *   <li>A pid is never trusted alone. A process is ours only when its environment names this
 *       directory and this child; anything else is a stranger and is neither adopted nor signalled.
 *   <li>What is adopted does what its successor was told to start; how its JVM was started may
 *       differ.
 *   <li>A supervisor that dies takes no child with it: children have their own sessions, read
 *       nothing from it and write to files.
 *   <li>A signal goes to the one process, never to its group or session: what a child has started
 *       (running jobs) is not the supervisor's to end.
 * </ul>
 */
@NullMarked
package dev.holdfast.standalone.supervise;

import org.jspecify.annotations.NullMarked;
