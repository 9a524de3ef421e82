/**
 * The attempts that this worker holds, from the assignment to the moment nothing of them is left.
 *
 * <p>Authority: none of its own. {@link dev.holdfast.worker.hold.Holds} knows which attempts there
 * are and passes each order on to the one that it names; a hold asks {@link
 * dev.holdfast.worker.attempt.Reconciliation} what to do, does it, and asks again.
 *
 * <pre>
 *   OrderLoop --&gt; Holds --&gt; ProcessHold   run directory, shim, workspace; outlives the worker
 *                     \---&gt; HandlerHold   code in this JVM; ends with it
 * </pre>
 *
 * <p>A {@code ProcessHold} has one virtual thread that decides, and at most one more that does what
 * takes long: making the workspace, collecting, deleting. Leaving is not ending: when the worker
 * stops, its holds stop looking, and shims and jobs live on.
 */
@NullMarked
package dev.holdfast.worker.hold;

import org.jspecify.annotations.NullMarked;
