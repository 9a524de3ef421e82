/**
 * The git workspace of an attempt: made before the job starts, collected after it ended.
 *
 * <pre>
 *   repository ==fetch==&gt; mirrors/HASH.git               one bare mirror per URL, behind a lock
 *                              ^
 *                              | objects/info/alternates    nothing is copied
 *                              |
 *                         work tree + .git                  one clone per attempt, the job's own
 *                              |
 *                              | read as data, never as configuration
 *                              v
 *                         changes.diff, changes.bundle      the attempt's results
 * </pre>
 *
 * <p>Authority: the remote repository owns its refs; a mirror is a cache which may be deleted at
 * any time no attempt runs, and is rebuilt. The <em>ready marker</em> beside the work tree is the
 * only proof that a workspace is complete; what has none is deleted and made again. It also
 * remembers the base commit, so that a worker which adopts the attempt can collect it.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A mirror appears under its final name only when complete, is written only under its lock,
 *       and is never garbage collected: living clones borrow its objects. A damaged one is replaced
 *       once its successor is complete, and kept in {@code mirrors/damaged}; the prepared workspace
 *       says so.
 *   <li>No hook, filter, alias, include or environment variable of git has any influence: neither
 *       the machine's, nor the user's, nor what a job leaves in its {@code .git}. Large-file
 *       filters (LFS) therefore stay pointers.
 *   <li>Collecting writes nothing into the workspace and never throws: what cannot be had is named
 *       in the notes, the rest is there.
 *   <li>A record ({@link dev.holdfast.worker.workspace.Journal}) stands while an operation is under
 *       way. Whoever finds one removes what a dead process left, and nothing that a living one may
 *       hold, makes sure that all refs lead to whole histories, and says so in the notes.
 *   <li>Secrets open remotes and stay in memory. No URL holds one: such a URL is refused.
 *   <li>A server that says nothing, or hardly anything, is given up; nothing half stays behind.
 * </ul>
 *
 * <p>Not handled, but noted: submodules (their directories stay empty), files of git-lfs. Not
 * handled: shallow or partial clones. A repository cloned inside a work tree is collected as plain
 * files. Paths need a worker that runs in a UTF-8 locale.
 *
 * <p>All of it may be called from many threads at once, for different workspace directories.
 */
@NullMarked
package dev.holdfast.worker.workspace;

import org.jspecify.annotations.NullMarked;
