/**
 * What a worker may do with an attempt, decided without clock, disk or log.
 *
 * <p>Authority: the coordinator alone says how an attempt stands ({@link
 * dev.holdfast.worker.attempt.Standing}); the disk and the process table alone say what became of
 * it ({@link dev.holdfast.worker.attempt.Sighting}). {@link
 * dev.holdfast.worker.attempt.Reconciliation} joins the two into the one thing to do now. It is
 * asked again after every change, at the first start as after a crash, so there is no second way of
 * doing anything:
 *
 * <pre>
 *   verdicts, orders ----&gt; Standing --+
 *                                     +--&gt; Reconciliation --&gt; Action --&gt; disk, processes, reports
 *   run directory, /proc -&gt; Sighting -+                                      |
 *                              ^---------------------------------------------+
 * </pre>
 *
 * <p>Invariants: nothing is started, reported or removed while the standing is unanswered; an
 * attempt that is not current is never started nor reported; nothing that lives is removed; a
 * conclusion, once written, is never taken back. {@link dev.holdfast.worker.attempt.TrustWindow} is
 * the lease as this worker may count it: never longer than the coordinator's.
 */
@NullMarked
package dev.holdfast.worker.attempt;

import org.jspecify.annotations.NullMarked;
