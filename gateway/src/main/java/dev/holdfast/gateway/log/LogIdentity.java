package dev.holdfast.gateway.log;

/**
 * Tells one topic from another of the same name.
 *
 * @param cluster id of the Kafka cluster
 * @param topic id that Kafka gave the topic when it was created
 */
public record LogIdentity(String cluster, String topic) {}
