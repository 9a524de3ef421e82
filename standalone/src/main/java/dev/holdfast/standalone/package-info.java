/**
 * The {@code holdfast} command: launcher of every role, command line client, embedded broker, demo.
 */
@NullMarked
package dev.holdfast.standalone;

import org.jspecify.annotations.NullMarked;
