/** Kafka clients with the settings that were measured to matter, and the topics of a cell. */
@NullMarked
package dev.holdfast.runtime.kafka;

import org.jspecify.annotations.NullMarked;
