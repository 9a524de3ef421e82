/**
 * The coordinator: it alone decides a job's fate. {@code cell} is the pure machine, {@code stream}
 * the Kafka Streams shell around it.
 */
@NullMarked
package dev.holdfast.coordinator;

import org.jspecify.annotations.NullMarked;
