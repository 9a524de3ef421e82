/**
 * The published language of Holdfast: what travels over Kafka, and nothing else.
 *
 * <p>Everything here is a value. A record that exists is valid: compact constructors check every
 * field and name the one that is wrong ({@link dev.holdfast.schemas.InvalidField}). The JSON
 * Schemas in {@code src/main/resources} mirror these records; a test holds the two together, so a
 * foreign producer needs only the schema.
 *
 * <pre>
 *   job      what was submitted, the commands about it, the decided facts
 *   attempt  one try: fencing token, assignment and other orders, reports, outcome, output
 *   lease    the lease ledger (heartbeats topic) and the arithmetic of leases
 *   worker   presence
 *   topic    the topics of a cell and their settings
 *   codec    JSON in and out
 * </pre>
 *
 * <p>Depends on the JDK, Jackson and Kafka's serializer interfaces only.
 */
@NullMarked
package dev.holdfast.schemas;

import org.jspecify.annotations.NullMarked;
