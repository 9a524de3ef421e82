/**
 * Kafka Streams kept running through outages of any length, with the settings that take-over needs.
 */
@NullMarked
package dev.holdfast.runtime.streams;

import org.jspecify.annotations.NullMarked;
