/**
 * The index that needs nothing but Holdfast: Lucene over the text files of a commit.
 *
 * <p>Files are read from the commit itself, never from a work tree that a job may have begun to
 * change; their text is kept in the index, so that a hit can be shown without the work tree. A job
 * searches with {@code "$HOLDFAST_SEARCH" words}, a script that starts {@link
 * dev.holdfast.worker.index.lucene.SearchCommand}; it names the files that the job has changed
 * since.
 *
 * <p>All access goes through plain file channels. A mapped file that somebody truncates would take
 * the worker's JVM by surprise.
 */
@NullMarked
package dev.holdfast.worker.index.lucene;

import org.jspecify.annotations.NullMarked;
