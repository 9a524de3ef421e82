/**
 * Attempts that run in containers.
 *
 * <pre>
 *   worker --(Docker's API: image, create, start, inspect, remove)--> engine
 *     |                                                                 |
 *     |   run directory  <---- bind mount ---->  container: shim ---- job
 *     +-- container, lease, stop  ->                 |  (pid 1, own     (no capability,
 *     +-- identity, beat, exit, stdout, stderr  <----+   pid namespace)  own user)
 * </pre>
 *
 * <p>Authority: the shim's files say how an attempt ended and what it printed, the kernel's process
 * table says whether it lives. The engine is asked to do things and to explain; it is never
 * believed about an exit code or an output, and its absence proves nothing.
 *
 * <p>Invariants: an attempt's container has one name, so there is never a second one; the name is
 * written into the run directory before the engine hears of it; a container is started again only
 * after its predecessor's first process is gone (and with it, by the kernel's rule for pid
 * namespaces, every other one) and the engine has removed it; what cannot be told is not decided;
 * no container and no image is removed that this very worker did not make or pull; no call of the
 * engine is waited for longer than its deadline, and none is made by a thread that anything but
 * containers depends on.
 */
@NullMarked
package dev.holdfast.worker.container;

import org.jspecify.annotations.NullMarked;
