/**
 * A real Kafka broker in KRaft mode with its data in one directory: the log on which one machine's
 * Holdfast stands, without anything to install.
 *
 * <pre>
 *   DIR/broker.lock         held by the JVM that runs the broker
 *   DIR/broker.properties   the ports, the same at every start
 *   DIR/log/                the broker's own files, formatted once
 * </pre>
 *
 * <p>Authority: the process that holds {@code broker.lock} alone touches the other files.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Killed at any instant, also while it formats, the broker starts again on the same directory
 *       with every record it acknowledged. A power loss may take the newest ones unless {@link
 *       BrokerConfig#fsyncEachAppend} is set.
 *   <li>{@link EmbeddedBroker} alone touches Kafka's server classes, which are public but not a
 *       stable API. {@code docs/decisions/0003-embedded-broker.md} says why they are used.
 * </ul>
 */
@NullMarked
package dev.holdfast.standalone.broker;

import org.jspecify.annotations.NullMarked;
