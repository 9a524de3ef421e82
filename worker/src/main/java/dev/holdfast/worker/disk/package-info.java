/**
 * The worker's disk: whether there is room for work, what gives room back, and what belongs to
 * nobody.
 *
 * <pre>
 *   free space ---&gt; DiskJudge ---&gt; DiskGuard ---&gt; presence: slots 0, unavailable "disk"
 *                                      |  \
 *                          pre-flight -+   +---&gt; Shedding: caches, least recently used first
 *
 *   finders ---&gt; two looks ---&gt; proof ---&gt; Journal ---&gt; trash ---&gt; gone, counted
 * </pre>
 *
 * <p>Authority: this package alone decides that something on the disk may go, whether to make room
 * or because it belongs to nobody. It owns nothing that it removes: a mirror is removed by the
 * package that writes mirrors and under their lock, a run directory only when no hold has it.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Nothing that something living uses is removed. A living run directory uses the mirror of
 *       its repository from before its first fetch until it is gone, whatever the job did to the
 *       clone in between. What cannot be told counts as used.
 *   <li>What belongs to nobody is seen twice, unchanged and some time apart, and proven unused by
 *       any process, lock or run directory, before it goes.
 *   <li>A removal is written down before it begins; a killed one goes on at the next start.
 *   <li>Judging reads no clock and no disk: space and time are arguments.
 *   <li>A full disk makes the worker take nothing new. It ends nothing, and heals by itself.
 * </ul>
 */
@NullMarked
package dev.holdfast.worker.disk;

import org.jspecify.annotations.NullMarked;
