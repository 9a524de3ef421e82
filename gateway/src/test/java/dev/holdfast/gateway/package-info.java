/**
 * Tests over the whole gateway: views filled by events, a real HTTP server, Kafka's place taken.
 */
@NullMarked
package dev.holdfast.gateway;

import org.jspecify.annotations.NullMarked;
