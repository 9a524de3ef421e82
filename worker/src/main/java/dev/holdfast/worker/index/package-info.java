/**
 * Code indexes: made once per commit and worker, checked before each use, shared by attempts.
 *
 * <pre>
 *   indexes/REPOSITORY/KIND-COMMIT/            complete, read-only: manifest.json and data/
 *                      KIND-COMMIT.lock        held by whoever makes, checks or removes it
 *                      KIND-COMMIT.use         held, shared, by whoever uses it
 *                      .making-KIND-COMMIT...  being made; without meaning once its maker is gone
 *                      .damaged-KIND-COMMIT... set aside; the newest one is kept for people
 *   runs/JOB/TOKEN/index                       which index the attempt uses
 * </pre>
 *
 * <p>Authority: none. An index is a cache of one commit: whatever is wrong with it is answered by
 * making it again, or by a job that runs without one and is told so. It never fails a job.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>An index appears under its name only complete, with a manifest of every file's size and
 *       digest, and is not written again; a crash at any instant leaves it whole or absent.
 *   <li>Before each use the manifest is compared with the files: in full, unless the kernel still
 *       shows the very files that were compared in full a short while ago.
 *   <li>One thread at a time makes an index; everybody else waits for it, as long as they can.
 *   <li>What is used is not removed: neither while the use file is locked, nor while a run
 *       directory names it. The second outlives the worker.
 * </ul>
 *
 * <p>{@link dev.holdfast.worker.index.CodeIndex} is the port; its adapters are {@code lucene},
 * inside Holdfast, and {@code cidx}, which drives a program.
 */
@NullMarked
package dev.holdfast.worker.index;

import org.jspecify.annotations.NullMarked;
