/**
 * What our clients and services do with a real broker, whichever it is: {@link
 * dev.holdfast.drill.broker.TestBroker} is the port, the embedded broker and Testcontainers' Kafka
 * are behind it, and the same tests pass on both.
 */
@NullMarked
package dev.holdfast.drill.broker;

import org.jspecify.annotations.NullMarked;
