/**
 * Asking the coordinator: commands go out to Kafka, decisions come back with the events.
 *
 * <p>The gateway decides nothing about a job. It refuses what cannot be a command, hands the rest
 * to Kafka, and tells the answer that the coordinator wrote into the events. When that takes longer
 * than a caller should wait, the answer is what is certain: Kafka has the command.
 *
 * <pre>
 *   handler -> Submissions/Cancellations -> Petition: listen, look, send, wait -> Decision
 *                                                          |                        ^
 *                                                   Commands (Kafka)       Subscribers (events)
 * </pre>
 */
@NullMarked
package dev.holdfast.gateway.command;

import org.jspecify.annotations.NullMarked;
