/**
 * The worker: takes assignments, runs attempts that outlive it, adopts them, reports.
 *
 * <pre>
 *   orders --&gt; order/ --&gt; hold/ ----&gt; run/ workspace/ process/  --&gt; shim --&gt; job
 *                          |  ^                                              |
 *   reports, heartbeats,   |  +-- attempt/ (pure: what to do next)           |
 *   presence, output &lt;-- report/ presence/ output/ &lt;------ files ------------+
 * </pre>
 *
 * <p>It decides nothing about a job's fate: it does what the coordinator ordered and tells what it
 * sees. Whatever must survive it is on its disk before it is said. It may be killed at any instant.
 */
@NullMarked
package dev.holdfast.worker;

import org.jspecify.annotations.NullMarked;
