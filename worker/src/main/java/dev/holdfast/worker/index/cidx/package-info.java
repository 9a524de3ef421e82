/**
 * The index that the program {@code cidx} makes, and that agents query with it.
 *
 * <pre>
 *   a scratch checkout of the commit     .code-indexer made or repaired here, then moved to
 *   indexes/REPOSITORY/cidx-COMMIT/data  .code-indexer, read-only, never used in place
 *   an attempt's work tree               a copy of .code-indexer, with its paths corrected
 * </pre>
 *
 * <p>{@code cidx status} exits with 0 on a damaged index, so that its word counts for little: what
 * is wrong is read from the files ({@link dev.holdfast.worker.index.cidx.Diagnosis}), in the order
 * of {@link dev.holdfast.worker.index.cidx.Finding}. Each finding names its remedies, the cheapest
 * first; new embeddings cost money and come last, once.
 *
 * <p>A command that fails shows nothing about the index: the service may be away, or somebody else
 * may be indexing. Only files lead to a rebuild.
 *
 * <p>Supported is the store in files, of version 7 and later; vectors in a Qdrant container cannot
 * be copied with the directory.
 */
@NullMarked
package dev.holdfast.worker.index.cidx;

import org.jspecify.annotations.NullMarked;
