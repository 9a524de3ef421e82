/**
 * Following topics: each view of the gateway is a fold of one topic, and keeps its place in it.
 *
 * <pre>
 *   LogSource --- identity, consumer ---> LogTail (one thread) --- records, next offsets ---> LogSink
 * </pre>
 *
 * <p>A sink is the only authority on its position: it stores it in the transaction that stores what
 * the records did, so a crash at any instant neither skips nor repeats a record. A tail that fails
 * connects again and asks the sink where to go on; when the topic is not the one that the sink was
 * filled from, or ends before the sink's position, the sink starts anew.
 */
@NullMarked
package dev.holdfast.gateway.log;

import org.jspecify.annotations.NullMarked;
