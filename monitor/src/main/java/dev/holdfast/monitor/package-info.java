/**
 * The monitor: finds running jobs that give no sign of life, and proposes. {@code liveness} is the
 * pure watch, {@code stream} the Kafka Streams shell around it.
 */
@NullMarked
package dev.holdfast.monitor;

import org.jspecify.annotations.NullMarked;
