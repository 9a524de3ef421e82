/**
 * What every Holdfast process needs to run, and no service's business: configuration, Kafka
 * clients, the topics of a cell, health and metrics, backoff, files that are whole or not there.
 */
@NullMarked
package dev.holdfast.runtime;

import org.jspecify.annotations.NullMarked;
