/**
 * The read model: what the events topic says about jobs, in SQLite, so that it can be asked.
 *
 * <p>Authority: none. Every row is a fold of decided events and can be deleted and rebuilt; the
 * coordinator alone decides. {@link dev.holdfast.gateway.view.JobFold} is the fold and is pure.
 *
 * <pre>
 *   LogTail --- batch ---> JobsView --- one transaction: rows, events, next offset ---> jobs.db
 *                             |
 *                             +--- after the commit ---> Subscribers (waiting requests, streams)
 *   HTTP handlers ---> JobQueries --- connections of their own ---> jobs.db
 * </pre>
 *
 * <p>A file that is damaged, or of another schema version, is set aside and built anew.
 */
@NullMarked
package dev.holdfast.gateway.view;

import org.jspecify.annotations.NullMarked;
