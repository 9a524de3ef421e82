/**
 * A container engine of the tests' own, for what only containers show.
 *
 * <p>The engine has a mount, a process and a network namespace to itself, and one folder for all
 * that it writes. So it touches no engine that is there already, and nothing of it survives: the
 * kernel ends every process of it with its first one, and takes the mounts, bridges and packet
 * filter rules down with the namespaces. One pair of network devices leads in.
 *
 * <p>No registry is asked for anything: what images are made from stands in, built from this
 * machine's own JDK and this build's own libraries.
 */
@NullMarked
package dev.holdfast.drill.engine;

import org.jspecify.annotations.NullMarked;
