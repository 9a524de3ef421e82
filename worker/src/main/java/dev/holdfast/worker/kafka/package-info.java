/**
 * The worker's ports, by Kafka.
 *
 * <p>Three producers, so that none can hold up another: heartbeats (gives up early and never blocks
 * its thread), reports and presence, output and blobs. All are idempotent; what fails is sent again
 * by whoever needs it there.
 */
@NullMarked
package dev.holdfast.worker.kafka;

import org.jspecify.annotations.NullMarked;
