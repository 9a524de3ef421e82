/**
 * Output of jobs: an index of which bytes lie where on the output topic, and the way back to them.
 *
 * <p>Workers publish output at least once, by byte offset. The index keeps, for each attempt's
 * stream, spans of bytes that never overlap, each with the record that holds it. What was seen
 * before is dropped; what is missing stays a gap, is told as one, and is never silently joined. The
 * bytes themselves stay in Kafka; the newest are kept in memory as well, for those who follow.
 *
 * <pre>
 *   LogTail --- batch ---> OutputView --- one transaction: spans, next offsets ---> output.db
 *                             |   +--- newest bytes ---> RecentChunks
 *                             +--- after the commit ---> Subscribers
 *   HTTP handlers ---> OutputReader --- spans ---> OutputQueries
 *                             +--- bytes ---> ChunkLog (RecentChunks, then Kafka by assign + seek)
 * </pre>
 *
 * <p>Everything is keyed by fencing token, so the output of two attempts cannot mix.
 */
@NullMarked
package dev.holdfast.gateway.output;

import org.jspecify.annotations.NullMarked;
